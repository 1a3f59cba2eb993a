package dev.anystore.cli;

/** Several things that are each tried, whatever became of the others; what failed is told when it fails. */
final class Attempts {
    private final Verb verb;
    private int tried;
    private int failed;
    private int exit = Exit.DONE;

    Attempts(Verb verb) {
        this.verb = verb;
    }

    void run(String what, Runnable attempt) {
        tried++;
        try {
            attempt.run();
        } catch (Output.Lost e) {
            throw e;
        } catch (RuntimeException e) {
            Complaint complaint = Complaint.of(e, verb.session());
            if (complaint.exit() == Exit.INTERRUPTED) {
                throw e;
            }
            failed++;
            exit = failed == 1 || exit == complaint.exit() ? complaint.exit() : Exit.NO_USE;
            complaint.tellOf(what, verb);
        }
    }

    /** The exit code: that of the failures if all failed in the same way, else the one for some of many. */
    int finish() {
        if (failed == 0) {
            return Exit.DONE;
        }
        if (failed < tried) {
            exit = Exit.NO_USE;
        }
        if (verb.json) {
            throw CommandFailure.some(exit, "%d of %d failed".formatted(failed, tried));
        }
        return exit;
    }
}
