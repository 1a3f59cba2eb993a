package dev.anystore.s3;

/** The provider of one row of {@link Vendor}, found by {@link java.util.ServiceLoader}. */
public final class R2Provider extends VendorProvider {
    /** For the loader. */
    public R2Provider() {
        super(Vendor.R2);
    }
}
