package dev.anystore.s3;

/** The provider of one row of {@link Vendor}, found by {@link java.util.ServiceLoader}. */
public final class WasabiProvider extends VendorProvider {
    /** For the loader. */
    public WasabiProvider() {
        super(Vendor.WASABI);
    }
}
