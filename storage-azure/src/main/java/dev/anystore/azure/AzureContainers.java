package dev.anystore.azure;

import dev.anystore.StorageException;
import dev.anystore.StorageException.Kind;
import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import java.util.List;

/** The container itself. What Azure sets for a whole account is not done for one of its containers. */
final class AzureContainers implements BucketAdmin {
    private final AzureClient client;

    AzureContainers(AzureClient client) {
        this.client = client;
    }

    @Override
    public void create(Call call) {
        try {
            client.sendForHead(AzureRequest.container("PUT", Right.WRITE), call);
        } catch (StorageException e) {
            // Accounts share nothing, so one that is there is ours.
            boolean there = e.status().orElse(0) == 409 && e.getMessage().contains("ContainerAlreadyExists");
            if (!there) {
                throw e;
            }
        }
    }

    /** The service deletes a container with all that is in it; one that is not empty is refused here. Takes two requests. */
    @Override
    public void delete(Call call) {
        AzureListing.Raw page = new AzureListing(client).raw("", null, 1, null, null, call);
        if (!page.blobs().isEmpty() || page.next() != null) {
            throw StorageException.builder(Kind.CONFLICT)
                    .message("the container is not empty")
                    .retryable(false)
                    .build();
        }
        client.sendForHead(AzureRequest.container("DELETE", Right.DELETE), call);
    }

    @Override
    public boolean exists(Call call) {
        try {
            client.sendForHead(AzureRequest.container("HEAD", Right.READ), call);
            return true;
        } catch (StorageException e) {
            if (e.kind() == Kind.BUCKET_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public List<CorsRule> cors(Call call) {
        throw ofAccount("rules for browsers", "az storage cors");
    }

    @Override
    public void setCors(List<CorsRule> rules, Call call) {
        throw ofAccount("rules for browsers", "az storage cors");
    }

    @Override
    public List<LifecycleRule> lifecycle(Call call) {
        throw ofAccount("lifecycle rules", "az storage account management-policy");
    }

    @Override
    public void setLifecycle(List<LifecycleRule> rules, Call call) {
        throw ofAccount("lifecycle rules", "az storage account management-policy");
    }

    @Override
    public boolean versioning(Call call) {
        throw ofAccount("versioning", "az storage account blob-service-properties");
    }

    @Override
    public void setVersioning(boolean enabled, Call call) {
        throw ofAccount("versioning", "az storage account blob-service-properties");
    }

    private static StorageException ofAccount(String what, String command) {
        return StorageException.builder(Kind.UNSUPPORTED)
                .message("Azure has " + what + " for a whole account, not for a container")
                .fix("set it for the account: " + command)
                .build();
    }
}
