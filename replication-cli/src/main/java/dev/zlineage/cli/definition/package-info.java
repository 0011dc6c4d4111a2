// SPDX-License-Identifier: Apache-2.0
/** Definition files: the text that administrators write, as tasks. The only place that knows YAML. */
@NullMarked
package dev.zlineage.cli.definition;

import org.jspecify.annotations.NullMarked;
