package dev.anystore.s3;

/** The provider of one row of {@link Vendor}, found by {@link java.util.ServiceLoader}. */
public final class B2S3Provider extends VendorProvider {
    /** For the loader. */
    public B2S3Provider() {
        super(Vendor.B2_S3);
    }
}
