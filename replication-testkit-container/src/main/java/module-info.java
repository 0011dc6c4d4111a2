import org.jspecify.annotations.NullMarked;

/** Real OpenZFS in a container, for the tests of code that embeds this library. */
@NullMarked
@SuppressWarnings("requires-transitive-automatic") // Testcontainers has no descriptor; its name is that of its file
module dev.zlineage.testkit.container {
    requires transitive dev.zlineage.testkit;
    requires transitive testcontainers;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.zlineage.testkit.container;
}
