/** Everything that speaks S3. Found by {@link java.util.ServiceLoader}; applications name nothing of it. */
module dev.anystore.s3 {
    requires static org.jspecify;
    requires transitive dev.anystore;
    requires dev.anystore.http;
    requires java.xml;
    requires org.slf4j;

    exports dev.anystore.s3;

    provides dev.anystore.spi.StorageProvider with
            dev.anystore.s3.S3Provider,
            dev.anystore.s3.R2Provider,
            dev.anystore.s3.WasabiProvider,
            dev.anystore.s3.SpacesProvider,
            dev.anystore.s3.B2S3Provider;
}
