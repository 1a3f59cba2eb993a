package dev.anystore.spi;

/** When a write may happen. The set is closed: a provider honours each case that it declares, and refuses the others. */
public sealed interface WriteCondition {
    /** Always: an object that is there is replaced. */
    WriteCondition ALWAYS = new Always();

    /** Only if no object has the key. */
    WriteCondition IF_ABSENT = new IfAbsent();

    /** See {@link #ALWAYS}. */
    record Always() implements WriteCondition {}

    /** See {@link #IF_ABSENT}. */
    record IfAbsent() implements WriteCondition {}

    /**
     * Only if the object has this revision.
     *
     * @param revision as in {@link dev.anystore.ObjectInfo#revision()}
     */
    record IfRevision(String revision) implements WriteCondition {}
}
