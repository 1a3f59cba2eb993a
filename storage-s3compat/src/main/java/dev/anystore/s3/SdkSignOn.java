package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.HttpException;
import dev.anystore.http.HttpTransport;
import dev.anystore.http.TransportOptions;
import dev.anystore.spi.Call;
import dev.anystore.spi.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sso.SsoClient;
import software.amazon.awssdk.services.sso.model.RoleCredentials;
import software.amazon.awssdk.services.ssooidc.SsoOidcClient;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenResponse;

/**
 * What is asked of the AWS SDK: single sign-on. One client for one question, on our transport, without retries of its own:
 * credentials last for an hour, and the next layer up decides what is tried again.
 *
 * <p>Needs two optional artifacts, {@code sso} and {@code ssooidc}. The SDK's classes are loaded when this one is, and not before.
 */
final class SdkSignOn {
    private final TransportOptions options;
    private final String region;
    private final @Nullable URI ssoEndpoint;
    private final @Nullable URI oidcEndpoint;

    /**
     * Asks in a region, or at these endpoints where they are not null.
     *
     * @param options of the connections
     */
    SdkSignOn(TransportOptions options, String region, @Nullable URI ssoEndpoint, @Nullable URI oidcEndpoint) {
        this.options = options;
        this.region = region;
        this.ssoEndpoint = ssoEndpoint;
        this.oidcEndpoint = oidcEndpoint;
    }

    /** The credentials of an account's role for who has signed on. */
    Credentials signedOn(String account, String role, Secret accessToken, Call call) {
        return asked("role " + role + " of account " + account, call, sdk -> {
            try (SsoClient sso = configured(SsoClient.builder(), sdk, ssoEndpoint)
                    .credentialsProvider(AnonymousCredentialsProvider.create())
                    .build()) {
                RoleCredentials given = sso.getRoleCredentials(
                                r -> r.accountId(account).roleName(role).accessToken(accessToken.reveal()))
                        .roleCredentials();
                return new Credentials(
                        given.accessKeyId(),
                        Secret.of(given.secretAccessKey()),
                        Secret.of(given.sessionToken()),
                        Instant.ofEpochMilli(given.expiration()));
            }
        });
    }

    /** What a session of single sign-on became. */
    record Session(Secret accessToken, @Nullable Secret refreshToken, int seconds) {}

    /** Goes on with a session of single sign-on. */
    Session renew(String clientId, Secret clientSecret, Secret refreshToken, Call call) {
        return asked("the session of single sign-on", call, sdk -> {
            try (SsoOidcClient oidc = configured(SsoOidcClient.builder(), sdk, oidcEndpoint)
                    .credentialsProvider(AnonymousCredentialsProvider.create())
                    .build()) {
                CreateTokenResponse token = oidc.createToken(r -> r.clientId(clientId)
                        .clientSecret(clientSecret.reveal())
                        .grantType("refresh_token")
                        .refreshToken(refreshToken.reveal()));
                return new Session(
                        Secret.of(token.accessToken()),
                        token.refreshToken() == null ? null : Secret.of(token.refreshToken()),
                        token.expiresIn());
            }
        });
    }

    private <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C> B configured(
            B builder, SdkTransport sdk, @Nullable URI endpoint) {
        builder.httpClient(sdk)
                .region(Region.of(region))
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        // Nothing of the process's own files: they were read, and this may be another's configuration.
                        .defaultProfileFile(ProfileFile.aggregator().build())
                        .build());
        return endpoint == null ? builder : builder.endpointOverride(endpoint);
    }

    private <T> T asked(String what, Call call, Function<SdkTransport, T> question) {
        call.check();
        long millis = Math.max(1, call.remainingMillis(Duration.ofSeconds(60).toMillis()));
        HttpTransport transport = new HttpTransport(
                options.withMaxConnections(1).withAnswerTimeout(Duration.ofMillis(Math.min(millis, 20_000))));
        // Closing the transport ends what it is at.
        Call.Registration registration = call.onCancel(transport::close);
        try (SdkTransport sdk = new SdkTransport(transport)) {
            return question.apply(sdk);
        } catch (SdkException e) {
            call.check();
            throw failed(what, e);
        } finally {
            registration.close();
        }
    }

    private static StorageException failed(String what, SdkException e) {
        if (e instanceof AwsServiceException answer && answer.awsErrorDetails() != null) {
            int status = answer.statusCode();
            boolean again = answer.isThrottlingException() || status >= 500;
            String code = String.valueOf(answer.awsErrorDetails().errorCode());
            return StorageException.builder(again ? Kind.UNAVAILABLE : Kind.UNAUTHENTICATED)
                    .message("AWS gives no credentials of " + what + ": " + S3Text.shown(code, 80) + ", "
                            + S3Text.shown(
                                    String.valueOf(answer.awsErrorDetails().errorMessage()), 300))
                    .status(status)
                    .fix(fix(code, status))
                    .build();
        }
        // The SDK's own text may quote more of the request than it should: the transport's is enough.
        Throwable cause = e;
        while (cause.getCause() != null && !(cause instanceof HttpException)) {
            cause = cause.getCause();
        }
        boolean ofTransport = cause instanceof HttpException;
        return StorageException.builder(ofTransport ? Kind.UNAVAILABLE : Kind.UNAUTHENTICATED)
                .message("AWS gives no credentials of " + what + ": "
                        + (ofTransport
                                ? String.valueOf(cause.getMessage())
                                : "the AWS SDK failed with " + cause.getClass().getSimpleName()))
                .fix("check sso_region, and that this machine reaches single sign-on")
                .cause(ofTransport ? cause : null)
                .build();
    }

    private static @Nullable String fix(String code, int status) {
        boolean over = code.equals("UnauthorizedException") || code.equals("InvalidGrantException") || status == 401;
        return over ? "sign on again: aws sso login" : null;
    }
}
