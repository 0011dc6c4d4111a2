// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.it.differential.Comparison.Divergence;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a program as a case for the contract suite, to be pasted there and given a name and assertions. */
final class JavaCode {

    private JavaCode() {}

    static String of(Divergence divergence) {
        StringBuilder code = new StringBuilder("    @Test\n    @DisplayName(\"\")\n    void divergence() {\n");
        for (Operation operation : divergence.program()) {
            code.append("        ").append(statement(operation)).append(";\n");
        }
        divergence
                .one()
                .forEach(line -> code.append("        // one:   ").append(line).append('\n'));
        divergence
                .other()
                .forEach(line -> code.append("        // other: ").append(line).append('\n'));
        return code.append("    }\n").toString();
    }

    private static String statement(Operation operation) {
        if (operation instanceof Operation.Run run) {
            return "zfs().execute(" + expression(run.command()) + ")";
        }
        if (operation instanceof Operation.Encrypt encrypt) {
            return "world().createEncrypted(" + expression(encrypt.name()) + ", " + expression(Host.PASSPHRASE) + ")";
        }
        if (operation instanceof Operation.Write write) {
            return "world().write(" + expression(write.filesystem()) + ", " + expression(write.file()) + ", "
                    + expression(write.text()) + ")";
        }
        if (operation instanceof Operation.Fill fill) {
            return "world().fill(" + expression(fill.filesystem()) + ", " + expression(fill.file()) + ", "
                    + fill.kibibytes() + ")";
        }
        if (operation instanceof Operation.Delete delete) {
            return "world().delete(" + expression(delete.filesystem()) + ", " + expression(delete.file()) + ")";
        }
        if (operation instanceof Operation.Transfer transfer) {
            return "receive(" + cut("capture(" + expression(transfer.stream()) + ")", transfer.cut()) + ", "
                    + expression(transfer.receive()) + ")";
        }
        if (operation instanceof Operation.Resume resume) {
            String token = "dataset(" + expression(resume.receive().target()) + ").resumeToken().orElseThrow()";
            return "receive(" + cut("capture(new SendStream.Resume(" + token + "))", resume.cut()) + ", "
                    + expression(resume.receive()) + ")";
        }
        if (operation instanceof Operation.Typed typed) {
            return "world().typed("
                    + expression(typed.arguments())
                            .replace("\"here/s", "here() + \"")
                            .replace("\"there/s", "there() + \"")
                    + ")";
        }
        Operation.Force force = (Operation.Force) operation;
        return "world().receiveForced(capture(" + expression(force.stream()) + "), " + expression(force.target()) + ")";
    }

    private static String cut(String stream, Operation.Cut cut) {
        return switch (cut) {
            case WHOLE -> stream;
            case AT_ONCE -> "cut(" + stream + ", 0)";
            case IN_THE_MIDDLE -> "cut(" + stream + ", 0.5)";
            case BEFORE_THE_END -> "withoutItsEnd(" + stream + ")";
        };
    }

    private static String expression(Object value) {
        if (value instanceof DatasetName name) {
            return name(name);
        }
        if (value instanceof SnapshotName name) {
            return name(name.dataset()) + ".snapshot(\"" + name.label() + "\")";
        }
        if (value instanceof BookmarkName name) {
            return name(name.dataset()) + ".bookmark(\"" + name.label() + "\")";
        }
        if (value instanceof String text) {
            return '"' + text + '"';
        }
        if (value instanceof Enum<?> constant) {
            return constant.getDeclaringClass().getSimpleName() + "." + constant.name();
        }
        if (value instanceof Secret secret) {
            return "secret(\"" + new String(secret.reveal(), StandardCharsets.UTF_8) + "\")";
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(held -> "Optional.of(" + expression(held) + ")").orElse("Optional.empty()");
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> expression(entry.getKey()) + ", " + expression(entry.getValue()))
                    .collect(Collectors.joining(", ", "Map.of(", ")"));
        }
        if (value instanceof List<?> || value instanceof Set<?>) {
            return ((Collection<?>) value)
                    .stream()
                            .map(JavaCode::expression)
                            .collect(Collectors.joining(", ", value instanceof List<?> ? "List.of(" : "Set.of(", ")"));
        }
        return value instanceof Record given ? construction(given) : String.valueOf(value);
    }

    private static String name(DatasetName name) {
        if (name.equals(Host.HERE) || name.equals(Host.THERE)) {
            return name.equals(Host.HERE) ? "here()" : "there()";
        }
        String value = name.value();
        return name.parent().map(JavaCode::name).orElse("pool()") + ".child(\""
                + value.substring(value.lastIndexOf('/') + 1) + "\")";
    }

    private static String construction(Record given) {
        Class<?> type = given.getClass();
        Class<?> outer = type.getDeclaringClass();
        StringBuilder code = new StringBuilder("new ");
        if (outer != null) {
            code.append(outer.getSimpleName()).append('.');
        }
        code.append(type.getSimpleName()).append('(');
        String separator = "";
        for (RecordComponent component : type.getRecordComponents()) {
            try {
                code.append(separator).append(expression(component.getAccessor().invoke(given)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
            separator = ", ";
        }
        return code.append(')').toString();
    }
}
