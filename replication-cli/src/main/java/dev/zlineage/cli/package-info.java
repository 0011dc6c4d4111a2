/** The command line: <code>./zlineage</code>. */
@NullMarked
package dev.zlineage.cli;

import org.jspecify.annotations.NullMarked;
