package dev.anystore.testkit;

import dev.anystore.ObjectInfo;
import dev.anystore.spi.Call;
import dev.anystore.spi.Multipart;
import dev.anystore.spi.Payload;
import dev.anystore.testkit.FaultyBackend.Verb;
import org.jspecify.annotations.Nullable;

/** The multipart power behind a plan of faults. */
final class FaultyMultipart implements Multipart {
    private final Multipart inner;
    private final FaultPlan plan;

    FaultyMultipart(Multipart inner, FaultPlan plan) {
        this.inner = inner;
        this.plan = plan;
    }

    @Override
    public String begin(Begin request, Call call) {
        return plan.run(Verb.BEGIN, call, () -> inner.begin(request, call));
    }

    @Override
    public Part putPart(Upload upload, int number, Payload payload, Call call) {
        Fault fault = plan.enter(Verb.PUT_PART, call);
        Part answer = inner.putPart(upload, number, FlippedPayload.unless(fault, payload), call);
        FaultPlan.leave(fault);
        return answer;
    }

    @Override
    public Part copyPart(Upload upload, int number, Source source, Call call) {
        return plan.run(Verb.COPY_PART, call, () -> inner.copyPart(upload, number, source, call));
    }

    @Override
    public ObjectInfo complete(Complete request, Call call) {
        return plan.run(Verb.COMPLETE, call, () -> inner.complete(request, call));
    }

    @Override
    public void abort(Upload upload, Call call) {
        plan.run(Verb.ABORT, call, () -> {
            inner.abort(upload, call);
            return upload;
        });
    }

    @Override
    public PartPage parts(Upload upload, int afterNumber, Call call) {
        return plan.run(Verb.PARTS, call, () -> inner.parts(upload, afterNumber, call));
    }

    @Override
    public UploadPage uploads(String prefix, @Nullable String pageToken, Call call) {
        return plan.run(Verb.UPLOADS, call, () -> inner.uploads(prefix, pageToken, call));
    }
}
