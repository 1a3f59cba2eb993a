package dev.anystore.testkit;

import dev.anystore.spi.Call;
import dev.anystore.spi.Tags;
import dev.anystore.testkit.FaultyBackend.Verb;
import java.util.Map;

/** Tags behind a plan of faults. */
final class FaultyTags implements Tags {
    private final Tags inner;
    private final FaultPlan plan;

    FaultyTags(Tags inner, FaultPlan plan) {
        this.inner = inner;
        this.plan = plan;
    }

    @Override
    public Map<String, String> get(String key, Call call) {
        return plan.run(Verb.TAGS, call, () -> inner.get(key, call));
    }

    @Override
    public void set(String key, Map<String, String> tags, Call call) {
        plan.run(Verb.TAGS, call, () -> {
            inner.set(key, tags, call);
            return tags;
        });
    }
}
