package io.agenthub.core.internal.supervise;

import io.agenthub.api.Settings;
import io.agenthub.api.server.Supervisor;
import io.agenthub.api.server.SupervisorListener;
import io.agenthub.api.spi.ProviderContext;
import io.agenthub.tck.RestartTck;
import io.agenthub.tck.SupervisorTck;
import org.junit.jupiter.api.Nested;

class BackoffSupervisorTest {
    private static Supervisor create(ProviderContext context, SupervisorListener listener) {
        return new BackoffSupervisorProvider().create(Settings.empty("supervisor"), context, listener);
    }

    @Nested
    class KeepsTheContract extends SupervisorTck {
        @Override
        protected Supervisor supervisor(ProviderContext context, SupervisorListener listener) {
            return create(context, listener);
        }
    }

    @Nested
    class RestartsAsItsPolicySays extends RestartTck {
        @Override
        protected Supervisor supervisor(ProviderContext context, SupervisorListener listener) {
            return create(context, listener);
        }
    }
}
