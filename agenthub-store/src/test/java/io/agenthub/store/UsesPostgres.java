package io.agenthub.store;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a {@link PostgresServer}, one for all of them. Where PostgreSQL is not installed they are skipped, except in CI,
 * where they fail.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(UsesPostgres.Extension.class)
@interface UsesPostgres {

    /** Starts the server at the first use; it ends with the last test. */
    final class Extension implements ParameterResolver {
        private static final Namespace NAMESPACE = Namespace.create(UsesPostgres.class);

        /** Closed by JUnit when all tests are over. */
        private record Shared(Optional<PostgresServer> server) implements AutoCloseable {
            @Override
            public void close() throws Exception {
                if (server.isPresent()) {
                    server.get().close();
                }
            }
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == PostgresServer.class;
        }

        @Override
        public PostgresServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
            Shared shared = context.getRoot()
                    .getStore(NAMESPACE)
                    .computeIfAbsent("server", key -> new Shared(PostgresServer.start()), Shared.class);
            if (shared.server().isEmpty() && System.getenv("CI") != null) {
                throw new IllegalStateException("PostgreSQL is not installed: initdb and postgres were not found");
            }
            Assumptions.assumeTrue(shared.server().isPresent(), "PostgreSQL is not installed");
            return shared.server().orElseThrow();
        }
    }
}
