package dev.anystore.s3;

/** The provider of one row of {@link Vendor}, found by {@link java.util.ServiceLoader}. */
public final class S3Provider extends VendorProvider {
    /** For the loader. */
    public S3Provider() {
        super(Vendor.S3);
    }
}
