package dev.anystore;

import dev.anystore.engine.BodyReader;
import dev.anystore.engine.Engine;
import dev.anystore.engine.Scope;
import dev.anystore.engine.Tasks;
import dev.anystore.spi.GetRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Several ranges of one revision of an object, near ones in one request. */
final class Ranges {
    /** Reading over a gap of this size costs less than another request. */
    private static final long GAP = 64 << 10;
    /** A joined request does not grow beyond this, so that several run at once. */
    private static final long JOINED = 8L << 20;

    private final Engine engine;
    private final Scope scope;
    private final String full;
    private final GetOptions options;

    /** Bytes that are fetched together, from the first to behind the last. */
    private record Run(long from, long to, List<Integer> ranges) {}

    Ranges(Engine engine, Scope scope, String full, GetOptions options) {
        this.engine = engine;
        this.scope = scope;
        this.full = full;
        this.options = options;
    }

    List<ByteBuffer> fetch(List<ByteRange> ranges) {
        String version = options.version().orElse(null);
        ObjectInfo info = engine.call("get", full, call -> engine.backend()
                .get(
                        GetRequest.head(full)
                                .withVersion(version)
                                .withIfRevision(options.ifRevision().orElse(null)),
                        call)
                .info());
        for (ByteRange range : ranges) {
            if (range.lengthIn(info.size()) == 0 || range.lengthIn(info.size()) > Integer.MAX_VALUE - 8) {
                throw StorageException.builder(StorageException.Kind.RANGE_NOT_SATISFIABLE)
                        .message("the range " + range + " has no byte of an object of " + info.size()
                                + " bytes, or more than an array holds")
                        .objectSize(info.size())
                        .build();
            }
        }
        ByteBuffer[] answers = new ByteBuffer[ranges.size()];
        try (Tasks tasks = new Tasks(engine, scope)) {
            for (Run run : runs(ranges, info.size())) {
                tasks.submit(() -> fetch(run, ranges, info, answers));
            }
            tasks.join();
        }
        return List.of(answers);
    }

    private static List<Run> runs(List<ByteRange> ranges, long size) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingLong(i -> ranges.get(i).offsetIn(size)));
        List<Run> runs = new ArrayList<>();
        for (int i : order) {
            long from = ranges.get(i).offsetIn(size);
            long to = from + ranges.get(i).lengthIn(size);
            Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (last != null && from <= last.to + GAP && Math.max(to, last.to) - last.from <= JOINED) {
                last.ranges.add(i);
                runs.set(runs.size() - 1, new Run(last.from, Math.max(to, last.to), last.ranges));
            } else {
                runs.add(new Run(from, to, new ArrayList<>(List.of(i))));
            }
        }
        return runs;
    }

    private void fetch(Run run, List<ByteRange> ranges, ObjectInfo info, ByteBuffer[] answers) {
        GetRequest request = GetRequest.range(full, ByteRange.of(run.from, run.to - run.from))
                .withVersion(options.version().orElse(null))
                .withIfRevision(info.revision().isEmpty() ? null : info.revision());
        byte[] bytes = new byte[(int) (run.to - run.from)];
        try (BodyReader reader =
                Objects.requireNonNull(BodyReader.within(engine, scope, "get", request, options.requireVerified()))) {
            int got = 0;
            while (got < bytes.length) {
                got += reader.read(bytes, got, bytes.length - got);
            }
        } catch (PreconditionFailed | ObjectNotFound | RangeNotSatisfiable e) {
            // The caller's own condition was met when the first request pinned the revision.
            throw StorageException.builder(StorageException.Kind.OBJECT_CHANGED)
                    .message("the object was replaced or deleted while its ranges were read")
                    .cause(e)
                    .fix("read them again")
                    .build();
        }
        for (int i : run.ranges) {
            ByteRange range = ranges.get(i);
            int from = (int) (range.offsetIn(info.size()) - run.from);
            answers[i] = ByteBuffer.wrap(bytes, from, (int) range.lengthIn(info.size()))
                    .slice();
        }
    }
}
