package dev.anystore.testkit;

import dev.anystore.spi.BucketAdmin;
import dev.anystore.spi.Call;
import dev.anystore.testkit.FaultyBackend.Verb;
import java.util.List;

/** Bucket administration behind a plan of faults. */
final class FaultyBucket implements BucketAdmin {
    private final BucketAdmin inner;
    private final FaultPlan plan;

    FaultyBucket(BucketAdmin inner, FaultPlan plan) {
        this.inner = inner;
        this.plan = plan;
    }

    @Override
    public void create(Call call) {
        change(call, () -> inner.create(call));
    }

    @Override
    public void delete(Call call) {
        change(call, () -> inner.delete(call));
    }

    @Override
    public boolean exists(Call call) {
        return plan.run(Verb.BUCKET, call, () -> inner.exists(call));
    }

    @Override
    public List<CorsRule> cors(Call call) {
        return plan.run(Verb.BUCKET, call, () -> inner.cors(call));
    }

    @Override
    public void setCors(List<CorsRule> rules, Call call) {
        change(call, () -> inner.setCors(rules, call));
    }

    @Override
    public List<LifecycleRule> lifecycle(Call call) {
        return plan.run(Verb.BUCKET, call, () -> inner.lifecycle(call));
    }

    @Override
    public void setLifecycle(List<LifecycleRule> rules, Call call) {
        change(call, () -> inner.setLifecycle(rules, call));
    }

    @Override
    public boolean versioning(Call call) {
        return plan.run(Verb.BUCKET, call, () -> inner.versioning(call));
    }

    @Override
    public void setVersioning(boolean enabled, Call call) {
        change(call, () -> inner.setVersioning(enabled, call));
    }

    private void change(Call call, Runnable effect) {
        plan.run(Verb.BUCKET, call, () -> {
            effect.run();
            return effect;
        });
    }
}
