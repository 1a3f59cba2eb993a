package dev.anystore.b2;

import com.backblaze.b2.client.structures.B2CopyFileRequest;
import com.backblaze.b2.client.structures.B2FileSseForRequest;
import com.backblaze.b2.client.structures.B2FileVersion;
import dev.anystore.ObjectInfo;
import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.Attributes;
import dev.anystore.spi.Call;
import dev.anystore.spi.GetRequest;
import dev.anystore.spi.ServerCopy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Copies within the bucket, by the id of the source: the very version that was looked at, whatever has become of its name
 * since. One request, and one more where the caller does not know the id.
 */
final class B2Copies implements ServerCopy {
    private final B2Client client;
    private final Downloads downloads;

    B2Copies(B2Client client, Downloads downloads) {
        this.client = client;
        this.downloads = downloads;
    }

    @Override
    public ObjectInfo copy(Copy request, Call call) {
        B2Backend.requireUnconditional(request.condition());
        FileInfos.checkKey(request.to());
        client.authorizations().checkName(request.from(), call);
        client.authorizations().checkName(request.to(), call);
        String id = source(request.from(), request.fromVersion(), request.fromRevision(), call);
        B2CopyFileRequest.Builder copy = B2CopyFileRequest.builder(id, request.to());
        Attributes replacing = request.replacing();
        if (replacing != null) {
            Map<String, String> info = FileInfos.of(request.to(), replacing);
            copy.setMetadataDirective(B2CopyFileRequest.REPLACE_METADATA_DIRECTIVE)
                    .setContentType(FileInfos.type(replacing))
                    .setFileInfo(info);
        }
        CustomerKey key = client.config().customerKey();
        if (key != null) {
            copy.setSourceServerSideEncryption(key.forSdk()).setDestinationServerSideEncryption(key.forSdk());
        } else if (client.config().encrypts()) {
            copy.setDestinationServerSideEncryption(B2FileSseForRequest.createSseB2Aes256());
        }
        try {
            B2FileVersion file = client.ask(call, (api, account) -> api.copyFile(account, copy.build()));
            return FileInfos.read(file).key(request.to()).build();
        } catch (StorageException e) {
            throw vanished(e, request.fromRevision() != null);
        }
    }

    /** The id of the version that is copied: a revision is one. */
    private String source(String key, @Nullable String version, @Nullable String revision, Call call) {
        if (revision != null && (version == null || version.equals(revision))) {
            return revision;
        }
        GetRequest head = GetRequest.head(key).withVersion(version).withIfRevision(revision);
        return downloads.head(head, call).revision();
    }

    /** A revision that is not there any more is a condition that does not hold. */
    static StorageException vanished(StorageException e, boolean wasPinned) {
        Refusal refusal = Refusal.of(e);
        if (refusal == null || !wasPinned || e.kind() != Kind.NOT_FOUND) {
            return e;
        }
        return StorageException.builder(Kind.PRECONDITION_FAILED)
                .message("the source of the copy is not there any more")
                .status(refusal.status())
                .cause(refusal)
                .build();
    }
}
