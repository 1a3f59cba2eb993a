/** The contract that every provider passes, and what tests of providers and decorators need. */
module dev.anystore.testkit {
    requires transitive dev.anystore;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.jupiter.params;
    requires org.assertj.core;
    requires jdk.httpserver;

    exports dev.anystore.testkit;
    exports dev.anystore.testkit.gcs;
    exports dev.anystore.testkit.b2;
}
