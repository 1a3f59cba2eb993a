/** The HTTP/1.1 transport of anystore's providers. Not for applications: only rooms of this project see it. */
module dev.anystore.http {
    requires static org.jspecify;
    requires org.slf4j;

    exports dev.anystore.http to
            dev.anystore.s3,
            dev.anystore.b2,
            dev.anystore.gcs,
            dev.anystore.azure,
            dev.anystore.testkit,
            dev.anystore.benchmarks;
}
