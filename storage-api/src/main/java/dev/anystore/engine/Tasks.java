package dev.anystore.engine;

/** Work of one operation on the store's workers, several pieces at once; closing before they are joined stops them and waits until none runs. */
public final class Tasks implements AutoCloseable {
    private final PartTasks tasks;
    private final Scope scope;
    private boolean joined;

    /** Tasks within this scope. */
    public Tasks(Engine engine, Scope scope) {
        this.scope = scope;
        this.tasks = new PartTasks(engine.workers(), scope, engine.settings().connections());
    }

    /** Runs it on a worker; it must not itself wait for workers. Throws what failed so far. */
    public void submit(Runnable task) {
        tasks.submit(() -> {
            scope.check();
            task.run();
        });
    }

    /** Waits for all; throws the first failure. */
    public void join() {
        tasks.join();
        joined = true;
    }

    @Override
    public void close() {
        if (!joined) {
            tasks.stop(Failures.cancelled("another part failed, or the caller stopped waiting"));
        }
    }
}
