package dev.anystore.testkit;

import static org.assertj.core.api.Assertions.fail;

import dev.anystore.StorageException;
import dev.anystore.StorageIOException;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.function.Executable;

/** Turns a sentence around where the harness says that its server deviates. */
final class DeviationRows implements InvocationInterceptor {
    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext context)
            throws Throwable {
        StorageContract contract = (StorageContract) context.getRequiredTestInstance();
        String row = invocationContext.getExecutable().getName();
        run(contract.it().deviations(), row, invocation::proceed);
    }

    /** Runs a row, or asserts that it does not hold. */
    static void run(List<Deviation> deviations, String row, Executable sentence) throws Throwable {
        Deviation deviation = deviations.stream()
                .filter(candidate -> candidate.row().equals(row))
                .findFirst()
                .orElse(null);
        if (deviation == null) {
            sentence.execute();
            return;
        }
        try {
            sentence.execute();
        } catch (AssertionError | StorageException | StorageIOException expected) {
            return;
        }
        fail("%s holds now, so its deviation is to be removed (it said: %s)", row, deviation.reason());
    }
}
