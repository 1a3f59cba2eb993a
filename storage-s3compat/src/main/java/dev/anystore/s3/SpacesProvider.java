package dev.anystore.s3;

/** The provider of one row of {@link Vendor}, found by {@link java.util.ServiceLoader}. */
public final class SpacesProvider extends VendorProvider {
    /** For the loader. */
    public SpacesProvider() {
        super(Vendor.SPACES);
    }
}
