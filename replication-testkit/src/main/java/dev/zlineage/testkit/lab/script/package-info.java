// SPDX-License-Identifier: Apache-2.0
/** The scripts of the lab. For the modules of the testkit alone. */
package dev.zlineage.testkit.lab.script;
