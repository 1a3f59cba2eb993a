package dev.anystore.s3;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.http.TransportOptions;
import dev.anystore.spi.Call;
import dev.anystore.spi.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds credentials where none were set: a profile, a web identity, a container's role, an instance's role. What is configured
 * decides, not what works: a profile that fails is an error and never a reason to sign as somebody else.
 *
 * <p>The order is that of AWS's own SDKs, but that a profile which {@code AWS_PROFILE} names goes before everything else.
 */
final class CredentialsChain implements RenewedCredentials.Source {
    private static final Logger LOG = LoggerFactory.getLogger("dev.anystore.s3");
    private static final int MAX_TOKEN_BYTES = 64 << 10;
    private static final String SESSION = "anystore";

    private final Map<String, String> environment;
    private final String region;
    private final boolean allowHttp;
    private final TransportOptions options;
    private final Clock clock;
    private final MetadataService metadata;

    /**
     * Looks in this environment.
     *
     * @param region of STS, where the profile names none
     * @param allowHttp whether an endpoint of the environment may be plain http beyond loopback
     * @param options of connections to STS and single sign-on
     */
    CredentialsChain(
            Map<String, String> environment, String region, boolean allowHttp, TransportOptions options, Clock clock) {
        this.environment = environment;
        this.region = region;
        this.allowHttp = allowHttp;
        this.options = options;
        this.clock = clock;
        this.metadata = new MetadataService(environment);
    }

    @Override
    public Credentials fetch(Call call) {
        String named = set("AWS_PROFILE");
        if (named != null) {
            return ofProfile(named, profiles(), new HashSet<>(), call);
        }
        if (set("AWS_WEB_IDENTITY_TOKEN_FILE") != null && set("AWS_ROLE_ARN") != null) {
            LOG.debug("credentials of a web identity");
            String session = set("AWS_ROLE_SESSION_NAME");
            return ofWebIdentity(
                    new SecurityTokens.Role(
                            String.valueOf(set("AWS_ROLE_ARN")), session == null ? SESSION : session, null, null),
                    String.valueOf(set("AWS_WEB_IDENTITY_TOKEN_FILE")),
                    region,
                    call);
        }
        AwsProfiles profiles = profiles();
        if (namesCredentials(profiles.profiles().get("default"))) {
            return ofProfile("default", profiles, new HashSet<>(), call);
        }
        if (metadata.isContainer()) {
            LOG.debug("credentials of the container's role");
            return metadata.ofContainer(call);
        }
        if (metadata.mayBeInstance()) {
            LOG.debug("credentials of the instance's role");
            return ofInstance(call);
        }
        throw nothing("", null);
    }

    private @Nullable String set(String variable) {
        String value = environment.get(variable);
        return value == null || value.isBlank() ? null : value.trim();
    }

    private Credentials ofInstance(Call call) {
        try {
            return metadata.ofInstance(call);
        } catch (StorageException e) {
            throw e.kind() == Kind.UNAUTHENTICATED ? nothing("; " + e.getMessage(), e) : e;
        }
    }

    private static StorageException nothing(String more, @Nullable StorageException cause) {
        return StorageException.builder(Kind.UNAUTHENTICATED)
                .message(
                        "there are no credentials: none are set, there is no profile default, no web identity, no role of a"
                                + " container or an instance" + more)
                .fix("set " + S3Settings.S3.id().howToSet() + " and "
                        + S3Settings.S3.secret().howToSet() + ", or AWS_PROFILE, or "
                        + (S3Settings.S3.anonymous() == null
                                ? ""
                                : S3Settings.S3.anonymous().howToSet() + "=true for a public bucket"))
                .cause(cause)
                .build();
    }

    // ---- profiles ----

    private AwsProfiles profiles() {
        String configuration = set("AWS_CONFIG_FILE");
        String credentials = set("AWS_SHARED_CREDENTIALS_FILE");
        return AwsProfiles.read(
                configuration == null ? folder().resolve("config") : Path.of(configuration),
                credentials == null ? folder().resolve("credentials") : Path.of(credentials));
    }

    /** Where AWS's tools keep their files. */
    private Path folder() {
        String home = set("HOME") != null ? set("HOME") : set("USERPROFILE");
        return Path.of(home != null ? home : System.getProperty("user.home", "."))
                .resolve(".aws");
    }

    private static boolean namesCredentials(@Nullable Map<String, String> profile) {
        return profile != null
                && Set.of("aws_access_key_id", "role_arn", "credential_process", "sso_session", "sso_start_url")
                        .stream()
                        .anyMatch(profile::containsKey);
    }

    private Credentials ofProfile(String name, AwsProfiles all, Set<String> seen, Call call) {
        Map<String, String> profile = all.profiles().get(name);
        if (profile == null) {
            throw wrong("there is no profile " + S3Text.shown(name, 80) + " in AWS's files", "name one that is there");
        }
        boolean again = !seen.add(name);
        String role = profile.get("role_arn");
        if (role != null && !(again && profile.containsKey("aws_access_key_id"))) {
            if (again) {
                throw wrong("profile " + name + " takes its role by way of itself", "correct its source_profile");
            }
            LOG.debug("credentials of a role in profile {}", name);
            return ofRole(name, profile, role, all, seen, call);
        }
        if (profile.containsKey("sso_session") || profile.containsKey("sso_start_url")) {
            LOG.debug("credentials of single sign-on in profile {}", name);
            return ofSignOn(name, profile, all, call);
        }
        if (profile.containsKey("credential_process")) {
            LOG.debug("credentials of a program in profile {}", name);
            return CredentialProcess.run(profile.get("credential_process"), name, call);
        }
        String id = profile.get("aws_access_key_id");
        String secret = profile.get("aws_secret_access_key");
        if (id == null || id.isEmpty() || secret == null || secret.isEmpty()) {
            throw wrong(
                    "profile " + name + " has no credentials",
                    "give it aws_access_key_id and aws_secret_access_key, a role, or a session of single sign-on");
        }
        LOG.debug("credentials of profile {}", name);
        String token = profile.get("aws_session_token");
        return new Credentials(id, Secret.of(secret), token == null || token.isEmpty() ? null : Secret.of(token), null);
    }

    private static StorageException wrong(String message, String fix) {
        return StorageException.builder(Kind.CONFIGURATION)
                .message(message)
                .fix(fix)
                .build();
    }

    private Credentials ofRole(
            String name, Map<String, String> profile, String arn, AwsProfiles all, Set<String> seen, Call call) {
        if (profile.containsKey("mfa_serial")) {
            throw wrong(
                    "profile " + name + " wants a code of its user",
                    "get temporary credentials with it, and set them: aws sts get-session-token");
        }
        SecurityTokens.Role role = new SecurityTokens.Role(
                arn,
                profile.getOrDefault("role_session_name", SESSION),
                profile.get("external_id"),
                profile.get("duration_seconds"));
        String where = profile.getOrDefault("region", region);
        String tokenFile = profile.get("web_identity_token_file");
        if (tokenFile != null) {
            return ofWebIdentity(role, tokenFile, where, call);
        }
        String source = profile.get("source_profile");
        if (source != null) {
            return assume(role, ofProfile(source, all, seen, call), where, call);
        }
        return assume(role, ofCredentialSource(name, profile.get("credential_source"), call), where, call);
    }

    private Credentials ofCredentialSource(String name, @Nullable String source, Call call) {
        return switch (String.valueOf(source)) {
            case "Ec2InstanceMetadata" -> metadata.ofInstance(call);
            case "EcsContainer" -> metadata.ofContainer(call);
            case "Environment" -> {
                String id = set("AWS_ACCESS_KEY_ID");
                String secret = set("AWS_SECRET_ACCESS_KEY");
                String token = set("AWS_SESSION_TOKEN");
                if (id == null || secret == null) {
                    throw wrong(
                            "profile " + name + " takes its role with the environment's keys, and there are none",
                            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
                }
                yield new Credentials(id, Secret.of(secret), token == null ? null : Secret.of(token), null);
            }
            default ->
                throw wrong(
                        "profile " + name + " has a role and nothing to take it with",
                        "give it source_profile, web_identity_token_file, or credential_source=Environment,"
                                + " EcsContainer or Ec2InstanceMetadata");
        };
    }

    private Credentials assume(SecurityTokens.Role role, Credentials base, String where, Call call) {
        return tokens(where).assume(role, base, call);
    }

    private Credentials ofWebIdentity(SecurityTokens.Role role, String tokenFile, String where, Call call) {
        return tokens(where).assume(role, webIdentity(tokenFile), call);
    }

    private SecurityTokens tokens(String where) {
        return new SecurityTokens(options, where, endpoint("AWS_ENDPOINT_URL_STS"), clock);
    }

    private static Secret webIdentity(String tokenFile) {
        try {
            Path file = Path.of(tokenFile);
            if (Files.size(file) > MAX_TOKEN_BYTES) {
                throw new IOException("it is over " + MAX_TOKEN_BYTES + " bytes");
            }
            // Anew each time: whoever runs the pod renews it.
            return Secret.of(Files.readString(file).trim());
        } catch (IOException | IllegalArgumentException e) {
            throw StorageException.builder(Kind.CONFIGURATION)
                    .message("the token of the web identity can't be read from " + tokenFile + ": "
                            + e.getClass().getSimpleName())
                    .fix("check AWS_WEB_IDENTITY_TOKEN_FILE, or web_identity_token_file in the profile")
                    .cause(e)
                    .build();
        }
    }

    // ---- single sign-on, which the SDK is asked for ----

    private Credentials ofSignOn(String name, Map<String, String> profile, AwsProfiles all, Call call) {
        String account = profile.get("sso_account_id");
        String role = profile.get("sso_role_name");
        String session = profile.get("sso_session");
        Map<String, String> settings =
                session == null ? profile : all.sessions().get(session);
        String where = settings == null ? null : settings.get("sso_region");
        String start = settings == null ? null : settings.get("sso_start_url");
        if (account == null || role == null || where == null || start == null) {
            throw wrong(
                    "profile " + name + " lacks a part of single sign-on",
                    "sso_account_id, sso_role_name, and sso_region and sso_start_url in it or in its sso-session: aws"
                            + " configure sso");
        }
        SsoCache cache = SsoCache.of(folder(), session == null ? start : session);
        try {
            SdkSignOn sdk = new SdkSignOn(
                    options, where, endpoint("AWS_ENDPOINT_URL_SSO"), endpoint("AWS_ENDPOINT_URL_SSO_OIDC"));
            return sdk.signedOn(account, role, accessToken(cache, session != null, sdk, call), call);
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        }
    }

    private Secret accessToken(SsoCache cache, boolean renewable, SdkSignOn sdk, Call call) {
        Map<String, String> values = cache.read();
        String token = values.get("accessToken");
        Instant end = time(values.get("expiresAt"));
        if (token != null
                && end != null
                && clock.instant().plus(RenewedCredentials.LATE).isBefore(end)) {
            return Secret.of(token);
        }
        String refresh = values.get("refreshToken");
        String client = values.get("clientId");
        String secret = values.get("clientSecret");
        Instant registered = time(values.get("registrationExpiresAt"));
        boolean registrationEnded = registered != null && !clock.instant().isBefore(registered);
        if (!renewable || registrationEnded || refresh == null || client == null || secret == null) {
            throw SsoCache.signOn("the session of single sign-on has ended");
        }
        SdkSignOn.Session session = sdk.renew(client, Secret.of(secret), Secret.of(refresh), call);
        Map<String, String> renewed = new HashMap<>(values);
        renewed.put("accessToken", session.accessToken().reveal());
        renewed.put("expiresAt", clock.instant().plusSeconds(session.seconds()).toString());
        if (session.refreshToken() != null) {
            renewed.put("refreshToken", session.refreshToken().reveal());
        }
        cache.write(renewed);
        return session.accessToken();
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text.replace("UTC", "Z"));
        } catch (DateTimeException e) {
            return null; // a time that can't be read is as good as over
        }
    }

    private @Nullable URI endpoint(String variable) {
        String text = set(variable);
        if (text == null) {
            return null;
        }
        String problem = "is no address";
        try {
            URI uri = URI.create(text);
            problem =
                    uri.getHost() == null || uri.getScheme() == null ? problem : EndpointRules.problem(uri, allowHttp);
            if (problem == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw wrong(variable + ' ' + problem, "correct it, or leave it out");
    }

    private static StorageException missing(NoClassDefFoundError e) {
        if (!String.valueOf(e.getMessage()).contains("software/amazon/awssdk")) {
            throw e;
        }
        return StorageException.builder(Kind.CONFIGURATION)
                .message("single sign-on needs a part of the AWS SDK that is not on the class path")
                .fix("add software.amazon.awssdk:sso and software.amazon.awssdk:ssooidc; an HTTP client is not needed")
                .cause(e)
                .build();
    }
}
