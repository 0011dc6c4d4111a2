/** The door: what a first program needs. */
@NullMarked
package dev.zlineage.core;

import org.jspecify.annotations.NullMarked;
