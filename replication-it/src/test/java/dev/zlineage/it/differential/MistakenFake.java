// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.testkit.FakeZfs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The fake, loaded once more beside itself, with one of its classes compiled from a source that has a {@link SeededMistake}.
 * What it shares with the right one are the types of the port and {@link Host}.
 */
final class MistakenFake extends ClassLoader {

    private static final String FAKE = FakeZfs.class.getPackageName();

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /** One for all: it remembers what is on the class path. */
    private static final StandardJavaFileManager CLASS_PATH = COMPILER.getStandardFileManager(null, null, null);

    private final Map<String, byte[]> mistaken;

    private MistakenFake(Map<String, byte[]> mistaken) {
        super(MistakenFake.class.getClassLoader());
        this.mistaken = mistaken;
    }

    /** Hosts with that mistake. */
    static Supplier<Host> with(SeededMistake mistake) {
        Path source = Path.of("../replication-testkit/src/main/java", FAKE.replace('.', '/'), mistake.file() + ".java");
        try {
            var loader = new MistakenFake(compiled(source, mistake.in(Files.readString(source))));
            var constructor = loader.loadClass(FakeSide.class.getName())
                    .asSubclass(Host.class)
                    .getConstructor();
            return () -> {
                try {
                    return constructor.newInstance();
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, byte[]> compiled(Path path, String source) {
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        StringWriter complaints = new StringWriter();
        JavaFileManager files = new ForwardingJavaFileManager<JavaFileManager>(CLASS_PATH) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                    Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/') + ".class"), kind) {
                    @Override
                    public OutputStream openOutputStream() {
                        return classes.computeIfAbsent(name, n -> new ByteArrayOutputStream());
                    }
                };
            }
        };
        JavaFileObject text = new SimpleJavaFileObject(path.toUri(), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        List<String> options = List.of("-proc:none", "-Xlint:none", "-cp", System.getProperty("java.class.path"));
        if (!COMPILER.getTask(complaints, files, null, options, null, List.of(text))
                .call()) {
            throw new IllegalStateException(complaints.toString());
        }
        Map<String, byte[]> bytes = new HashMap<>();
        classes.forEach((name, written) -> bytes.put(name, written.toByteArray()));
        return bytes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        boolean own = name.startsWith(FAKE + ".") || name.startsWith(FakeSide.class.getName());
        if (!own) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] bytes = mistaken.containsKey(name) ? mistaken.get(name) : right(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private byte[] right(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
