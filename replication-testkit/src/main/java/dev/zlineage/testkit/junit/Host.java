// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the host that a parameter of a test is, or that it is a door to. */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Host {

    /**
     * What the host is called.
     *
     * @return a name; parameters of one name in one test are one host
     */
    String value();
}
