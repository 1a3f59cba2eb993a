package dev.anystore.s3;

import dev.anystore.spi.Setting;
import java.util.List;

/**
 * The settings of what every object of a store gets, by the role that they play.
 *
 * @param encryption how the service encrypts
 * @param keyId of the key management
 * @param context of the key management
 * @param bucketKey whether one key of the bucket stands for many calls of the key management
 * @param customerKey that the user keeps
 * @param previousKey that older objects were encrypted with
 * @param requesterPays whether the user pays for requests to a bucket of somebody else
 * @param storageClass of objects whose writer names none
 */
record ObjectSettings(
        Setting encryption,
        Setting keyId,
        Setting context,
        Setting bucketKey,
        Setting customerKey,
        Setting previousKey,
        Setting requesterPays,
        Setting storageClass) {
    /** Under the names of Amazon's provider. */
    static final ObjectSettings S3 = new ObjectSettings(
            Setting.of(
                            "encryption",
                            Setting.Type.TEXT,
                            "How the service encrypts what is written: AES256 with its own keys, aws:kms or aws:kms:dsse with those of the key management; by default the bucket says.")
                    .inMaps("encryption")
                    .oneOf("AES256", "aws:kms", "aws:kms:dsse")
                    .variable("S3_ENCRYPTION")
                    .variable("AWS_SERVER_SIDE_ENCRYPTION"),
            Setting.of(
                            "encryption-key-id",
                            Setting.Type.TEXT,
                            "The key of the key management that encrypts; by default the account's own.")
                    .inMaps("encryption_key_id")
                    .variable("S3_ENCRYPTION_KEY_ID")
                    .variable("AWS_SSE_KMS_KEY_ID"),
            Setting.of(
                            "encryption-context",
                            Setting.Type.TEXT,
                            "What the key management is told about the data, as name=value,name=value; it is no secret.")
                    .inMaps("encryption_context")
                    .variable("S3_ENCRYPTION_CONTEXT"),
            Setting.of(
                            "encryption-bucket-key",
                            Setting.Type.BOOLEAN,
                            "Whether a key of the bucket saves calls to the key management; by default the bucket says.")
                    .inMaps("encryption_bucket_key")
                    .variable("S3_ENCRYPTION_BUCKET_KEY")
                    .variable("AWS_SSE_BUCKET_KEY_ENABLED"),
            Setting.of(
                            "encryption-customer-key",
                            Setting.Type.SECRET,
                            "A key of your own, 32 bytes as Base64, which the service encrypts with and forgets: who loses it has lost the data. Needs https.")
                    .inMaps("encryption_customer_key")
                    .variable("S3_ENCRYPTION_CUSTOMER_KEY")
                    .variable("AWS_SSE_CUSTOMER_KEY_BASE64"),
            Setting.of(
                            "encryption-previous-key",
                            Setting.Type.SECRET,
                            "The key of your own before this one: what can't be read with the new one is read, and copied, with it. A copy to the same or another key then has the new one.")
                    .inMaps("encryption_previous_key")
                    .variable("S3_ENCRYPTION_PREVIOUS_KEY"),
            Setting.of(
                            "requester-pays",
                            Setting.Type.BOOLEAN,
                            "Agrees to pay for requests to a bucket whose owner does not.")
                    .inMaps("requester_pays")
                    .variable("S3_REQUESTER_PAYS")
                    .defaultsTo("false"),
            Setting.of(
                            "storage-class",
                            Setting.Type.TEXT,
                            "The storage class of objects whose writer names none; by default the service's own.")
                    .inMaps("storage_class")
                    .variable("S3_STORAGE_CLASS"));

    /** All of them, in the order of the reference page. */
    List<Setting> all() {
        return List.of(encryption, keyId, context, bucketKey, customerKey, previousKey, requesterPays, storageClass);
    }
}
