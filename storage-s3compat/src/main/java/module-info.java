/** Everything that speaks S3. Found by {@link java.util.ServiceLoader}; applications name nothing of it. */
module dev.anystore.s3 {
    requires static org.jspecify;
    requires transitive dev.anystore;
    requires dev.anystore.http;
    requires java.xml;
    requires org.slf4j;

    // Single sign-on alone, where its artifacts are added: sso and ssooidc.
    requires static software.amazon.awssdk.auth;
    requires static software.amazon.awssdk.awscore;
    requires static software.amazon.awssdk.core;
    requires static software.amazon.awssdk.http;
    requires static software.amazon.awssdk.identity.spi;
    requires static software.amazon.awssdk.profiles;
    requires static software.amazon.awssdk.regions;
    requires static software.amazon.awssdk.retries.api;
    requires static software.amazon.awssdk.services.sso;
    requires static software.amazon.awssdk.services.ssooidc;
    requires static software.amazon.awssdk.utils;

    exports dev.anystore.s3;

    provides dev.anystore.spi.StorageProvider with
            dev.anystore.s3.S3Provider,
            dev.anystore.s3.R2Provider,
            dev.anystore.s3.WasabiProvider,
            dev.anystore.s3.SpacesProvider,
            dev.anystore.s3.B2S3Provider;
}
