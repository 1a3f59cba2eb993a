package dev.anystore.engine;

/** Work of one operation on the store's workers, several pieces at once; closing waits until none runs. */
public final class Tasks implements AutoCloseable {
    private final PartTasks tasks;

    /** Tasks within this scope. */
    public Tasks(Engine engine, Scope scope) {
        this.tasks = new PartTasks(engine.workers(), scope, engine.settings().connections());
    }

    /** Runs it on a worker; it must not itself wait for workers. Throws what failed so far. */
    public void submit(Runnable task) {
        tasks.submit(task);
    }

    /** Waits for all; throws the first failure. */
    public void join() {
        tasks.join();
    }

    @Override
    public void close() {
        tasks.settle();
    }
}
