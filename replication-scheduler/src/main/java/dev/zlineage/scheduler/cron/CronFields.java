// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.cron;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.value.FieldValue;
import com.cronutils.parser.CronParser;
import java.util.BitSet;

/**
 * The five fields as sets of numbers. cron-utils reads and checks them; sets answer for a million snapshots without
 * looking for the next date each time.
 */
record CronFields(BitSet minutes, BitSet hours, BitSet daysOfMonth, BitSet months, BitSet daysOfWeek) {

    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    /**
     * Reads five fields.
     *
     * @throws IllegalArgumentException saying what is wrong with one of them
     */
    static CronFields of(String expression) {
        Cron cron = PARSER.parse(expression);
        BitSet daysOfWeek = set(cron, CronFieldName.DAY_OF_WEEK, 0, 7);
        if (daysOfWeek.get(7)) {
            daysOfWeek.clear(7);
            daysOfWeek.set(0);
        }
        return new CronFields(
                set(cron, CronFieldName.MINUTE, 0, 59),
                set(cron, CronFieldName.HOUR, 0, 23),
                set(cron, CronFieldName.DAY_OF_MONTH, 1, 31),
                set(cron, CronFieldName.MONTH, 1, 12),
                daysOfWeek);
    }

    /** Whether every day of a month is among them. */
    boolean anyDayOfMonth() {
        return daysOfMonth.cardinality() == 31;
    }

    /** Whether every day of the week is among them. */
    boolean anyDayOfWeek() {
        return daysOfWeek.cardinality() == 7;
    }

    private static BitSet set(Cron cron, CronFieldName field, int least, int most) {
        BitSet set = new BitSet();
        add(cron.retrieve(field).getExpression(), least, most, 1, set);
        return set;
    }

    private static void add(FieldExpression expression, int least, int most, int step, BitSet set) {
        if (expression instanceof And list) {
            list.getExpressions().forEach(each -> add(each, least, most, step, set));
        } else if (expression instanceof Every every) {
            int period = number(every.getPeriod());
            if (every.getExpression() instanceof On from) {
                range(number(from.getTime()), most, period, set);
            } else {
                add(every.getExpression(), least, most, period, set);
            }
        } else if (expression instanceof Between between) {
            range(number(between.getFrom()), number(between.getTo()), step, set);
        } else if (expression instanceof On on) {
            set.set(number(on.getTime()));
        } else if (expression instanceof Always) {
            range(least, most, step, set);
        } else {
            throw new IllegalArgumentException("'" + expression.asString() + "' is not of this kind of cron");
        }
    }

    private static void range(int from, int to, int step, BitSet set) {
        if (from > to) {
            throw new IllegalArgumentException("the range " + from + "-" + to + " runs backwards");
        }
        for (int i = from; i <= to; i += step) {
            set.set(i);
        }
    }

    private static int number(FieldValue<?> value) {
        return Integer.parseInt(value.toString());
    }
}
