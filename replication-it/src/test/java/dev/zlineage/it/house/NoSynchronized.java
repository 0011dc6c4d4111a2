// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** No method is {@code synchronized}. Blocks that are leave no trace that ArchUnit sees; {@link SourcesTest} reads those. */
final class NoSynchronized extends ArchCondition<JavaClass> {
    NoSynchronized() {
        super("have no synchronized method");
    }

    @Override
    public void check(JavaClass c, ConditionEvents events) {
        c.getMethods().stream()
                .filter(m -> m.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                .forEach(m -> events.add(SimpleConditionEvent.violated(m, m.getFullName() + " is synchronized")));
    }
}
