/** Azure Blob Storage. Found by {@link java.util.ServiceLoader}; applications name nothing of it. */
module dev.anystore.azure {
    requires static org.jspecify;
    requires transitive dev.anystore;
    requires dev.anystore.http;
    requires com.azure.core;
    requires com.azure.storage.blob;
    requires com.azure.storage.common;
    requires java.xml;
    requires org.slf4j;

    // The chain of Azure's credentials alone, where its artifact is added: azure-identity.
    requires static com.azure.identity;

    exports dev.anystore.azure;

    provides dev.anystore.spi.StorageProvider with
            dev.anystore.azure.AzureProvider;
}
