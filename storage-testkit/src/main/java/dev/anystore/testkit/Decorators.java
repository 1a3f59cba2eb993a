package dev.anystore.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.anystore.spi.PoweredBackend;
import dev.anystore.spi.StorageBackend;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/**
 * Keeps decorators honest. One that inherits its forwarding passes on, unseen, what is added to an interface later: a cache
 * would then serve old bytes, an encrypting store would send plain ones.
 */
public final class Decorators {
    private Decorators() {}

    /** Asserts that the class itself declares each method of {@link StorageBackend}, and of {@link PoweredBackend} if it is one. */
    public static void assertWritesOutEveryMethod(Class<? extends StorageBackend> decorator) {
        assertWritesOutEveryMethod(decorator, StorageBackend.class);
        if (PoweredBackend.class.isAssignableFrom(decorator)) {
            assertWritesOutEveryMethod(decorator, PoweredBackend.class);
        }
    }

    /** Asserts that the class itself declares each method of the interface, a power for example. */
    public static void assertWritesOutEveryMethod(Class<?> decorator, Class<?> contract) {
        for (Method method : contract.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())) {
                assertThatCode(() -> decorator.getDeclaredMethod(method.getName(), method.getParameterTypes()))
                        .as("%s must decide about %s itself", decorator.getSimpleName(), method)
                        .doesNotThrowAnyException();
            }
        }
    }
}
