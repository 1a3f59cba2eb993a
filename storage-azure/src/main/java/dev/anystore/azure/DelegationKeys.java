package dev.anystore.azure;

import dev.anystore.spi.Call;
import dev.anystore.spi.Secret;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Keys that the service lends to whoever is signed in, for links; each is used until it ends before a link would. */
final class DelegationKeys {
    /** https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key */
    private static final Duration LONGEST = Duration.ofDays(7);

    private final AzureClient client;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Key key;

    DelegationKeys(AzureClient client) {
        this.client = client;
    }

    /**
     * A key that was lent. Times are kept as they came, since they are signed.
     *
     * @param value that signs
     */
    record Key(
            String objectId,
            String tenantId,
            String started,
            String expiry,
            String service,
            String version,
            Secret value,
            Instant ends) {}

    /** One that lives until then, or as long as the service lends any. One request, if there is none yet. */
    Key until(Instant end, Call call) {
        lock.lock();
        try {
            Key known = key;
            if (known == null || known.ends().isBefore(end)) {
                known = fetch(call);
                key = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private Key fetch(Call call) {
        Instant now = client.now().truncatedTo(ChronoUnit.SECONDS);
        byte[] document = new XmlWriter("KeyInfo")
                // A little before now: the service's clock may be behind.
                .element("Start", now.minus(Duration.ofMinutes(5)).toString())
                .element(
                        "Expiry", now.plus(LONGEST).minus(Duration.ofMinutes(5)).toString())
                .bytes("KeyInfo");
        AzureRequest post = AzureRequest.account("POST", Right.READ)
                .query("comp", "userdelegationkey")
                .document(document, "application/xml")
                .reading();
        return client.read(post, call, "UserDelegationKey", (xml, answer) -> {
            String objectId = "";
            String tenantId = "";
            String started = "";
            String expiry = "";
            String service = "";
            String version = "";
            String value = "";
            while (xml.nextChild()) {
                switch (xml.name()) {
                    case "SignedOid" -> objectId = xml.text().trim();
                    case "SignedTid" -> tenantId = xml.text().trim();
                    case "SignedStart" -> started = xml.text().trim();
                    case "SignedExpiry" -> expiry = xml.text().trim();
                    case "SignedService" -> service = xml.text().trim();
                    case "SignedVersion" -> version = xml.text().trim();
                    case "Value" -> value = xml.text().trim();
                    default -> xml.skip();
                }
            }
            try {
                if (Base64.getDecoder().decode(value).length == 0) {
                    throw new XmlReader.MalformedXml("the key that was lent is empty");
                }
                return new Key(
                        objectId, tenantId, started, expiry, service, version, Secret.of(value), Instant.parse(expiry));
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new XmlReader.MalformedXml("the key that was lent is none, or has no end");
            }
        });
    }
}
