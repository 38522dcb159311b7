package io.agenthub.mcp.internal.stdio;

import io.agenthub.api.Scheduler;
import io.agenthub.api.bridge.BridgeClosedException;
import io.agenthub.api.bridge.ServerInfo;
import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.RpcError;
import io.agenthub.api.rpc.RpcNotification;
import io.agenthub.api.rpc.RpcOutcome;
import io.agenthub.mcp.internal.era.Discovery;
import io.agenthub.mcp.internal.era.EraMemory;
import io.agenthub.mcp.internal.era.EraPolicy;
import io.agenthub.mcp.internal.era.Handshake;
import io.agenthub.mcp.internal.era.RefusedException;
import io.agenthub.mcp.internal.era.Revisions;
import io.agenthub.mcp.internal.era.Unattended;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Agrees with one process on the era to speak in. Confined to its loop. */
final class Opening {
    /*
     *   PROBE: discover ──┬─ DiscoverResult ────────────────▶ modern
     *                     ├─ unsupported version ─ discover once more, in one that it speaks; never initialize
     *                     ├─ any other answer, or one too long to be read ── initialize ─▶ legacy
     *                     ├─ PATIENCE over ───── initialize ─▶ legacy, unless a DiscoverResult comes late: then the answer to
     *                     │                                    initialize tells whether it is modern (an error), or has now
     *                     │                                    bound itself to a session and must be started anew; an
     *                     │                                    error that only modern servers know may overtake the other
     *                     └─ exit ── another process ─ LEGACY
     *   LEGACY: initialize          MODERN: discover, without end of patience
     *
     * A server that only takes long to start is not told from one that is silent: hence the way back from initialize.
     */
    static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Logger log = LoggerFactory.getLogger(Opening.class);

    /** How to begin. */
    enum Plan {
        PROBE,
        LEGACY,
        MODERN
    }

    /** Hears how it went; exactly one call. */
    interface Result {

        /** The server answered and can be used. */
        void opened(ServerInfo info, boolean modern);

        /** The server is modern, but this process can only be spoken to in the old way. */
        void modernNextTime();

        /** It cannot be worked with. The message completes "Server 'x' …". */
        void refused(String why);

        /** Its answer, or what it was to be asked, cannot be had, though the process lives. */
        void failed(Throwable why);
    }

    private final String server;
    private final Session session;
    private final EraPolicy policy;
    private final EraMemory memory;
    private final Scheduler scheduler;
    private final Executor loop;
    private final JsonText offer;
    private final Result result;
    private Scheduler.Task patience = () -> {};
    private Plan plan;
    private boolean asked;
    private boolean discovering;
    private boolean initializing;
    private boolean over;
    private @Nullable ServerInfo late;

    Opening(
            String server,
            Session session,
            Plan plan,
            EraPolicy policy,
            EraMemory memory,
            Scheduler scheduler,
            Executor loop,
            JsonText offer,
            Result result) {
        this.server = server;
        this.session = session;
        this.plan = plan;
        this.policy = policy;
        this.memory = memory;
        this.scheduler = scheduler;
        this.loop = loop;
        this.offer = offer;
        this.result = result;
    }

    /** How to begin with a server of this configuration, as far as it is known. */
    static Plan plan(EraPolicy policy, EraMemory memory) {
        return switch (policy) {
            case LEGACY -> Plan.LEGACY;
            case MODERN -> Plan.MODERN;
            case AUTO ->
                switch (memory.verdict()) {
                    case UNKNOWN -> Plan.PROBE;
                    case LEGACY -> Plan.LEGACY;
                    case MODERN -> Plan.MODERN;
                };
        };
    }

    void begin() {
        if (plan == Plan.LEGACY) {
            initialize();
        } else {
            discover(Revisions.MODERN.get(0), false);
        }
        if (plan == Plan.PROBE) {
            patience = scheduler.schedule(PATIENCE, () -> loop.execute(this::silent));
        }
    }

    /** The process has ended, or was given up. */
    void end() {
        boolean early = !over;
        over = true;
        patience.cancel();
        if (early && plan == Plan.MODERN) {
            // It was modern once; the next attempt asks instead of taking that for granted.
            memory.found(EraMemory.Verdict.UNKNOWN);
        }
    }

    /** Whether it may have ended because it was asked something it does not know. */
    boolean wasProbed() {
        return asked && policy == EraPolicy.AUTO && plan != Plan.MODERN;
    }

    private void discover(String revision, boolean again) {
        asked = true;
        discovering = true;
        request(Discovery.METHOD, Discovery.params(revision), (outcome, failure) -> {
            discovering = false;
            if (outcome != null && !over) {
                discovered(Discovery.read(outcome, again));
            } else if (failure != null && !over && !initializing) {
                notDiscovered(failure);
            }
        });
    }

    private void discovered(Discovery.Finding finding) {
        if (finding instanceof Discovery.Modern modern) {
            memory.found(EraMemory.Verdict.MODERN);
            if (initializing) {
                late = modern.info();
            } else {
                opened(modern.info(), true);
            }
        } else if (finding instanceof Discovery.AskAgain again) {
            discover(again.revision(), true);
        } else if (finding instanceof Discovery.Strange strange) {
            refused(strange.why());
        } else if (finding instanceof Discovery.Legacy legacy && !initializing) {
            notModern(legacy.why());
        }
    }

    /** An answer that cannot be had, for one that is too long, tells no more of the era than a refusal. */
    private void notDiscovered(Throwable failure) {
        if (policy == EraPolicy.MODERN) {
            failed(failure);
        } else {
            olderEra();
        }
    }

    private void notModern(String why) {
        if (policy == EraPolicy.MODERN) {
            refused(why + "; it may be a server of an older revision: set \"protocol\" to \"auto\" or \"legacy\"");
        } else {
            olderEra();
        }
    }

    private void olderEra() {
        if (plan == Plan.MODERN) {
            log.atWarn().addKeyValue("server", server).log("The server was stateless and is not any more");
            memory.found(EraMemory.Verdict.UNKNOWN);
            plan = Plan.PROBE;
        }
        initialize();
    }

    private void silent() {
        if (!over && !initializing) {
            initialize();
        }
    }

    private void initialize() {
        initializing = true;
        patience.cancel();
        request(Handshake.METHOD, offer, (outcome, failure) -> {
            if (outcome != null && !over) {
                initialized(outcome);
            } else if (failure != null && !over) {
                notInitialized(failure);
            }
        });
    }

    private void initialized(RpcOutcome outcome) {
        ServerInfo modern = late;
        if (modern != null && outcome instanceof RpcError) {
            opened(modern, true);
        } else if (modern != null) {
            over = true;
            result.modernNextTime();
        } else if (discovering && isModern(outcome)) {
            initializing = false;
        } else if (outcome instanceof RpcError && !asked && policy == EraPolicy.AUTO) {
            // What was found out about it some time ago is not true any more.
            memory.found(EraMemory.Verdict.UNKNOWN);
            initializing = false;
            plan = Plan.PROBE;
            begin();
        } else {
            accept(outcome);
        }
    }

    private void notInitialized(Throwable failure) {
        if (late != null) {
            over = true;
            result.modernNextTime();
        } else {
            failed(failure);
        }
    }

    private static boolean isModern(RpcOutcome initialized) {
        return initialized instanceof RpcError error && error.code() == Discovery.UNSUPPORTED_VERSION;
    }

    private void accept(RpcOutcome outcome) {
        try {
            ServerInfo info = Handshake.accept(outcome);
            memory.found(EraMemory.Verdict.LEGACY);
            session.send(new RpcNotification(Handshake.DONE, null));
            opened(info, false);
        } catch (RefusedException e) {
            refused(String.valueOf(e.getMessage()));
        }
    }

    private void opened(ServerInfo info, boolean modern) {
        over = true;
        patience.cancel();
        result.opened(info, modern);
    }

    private void refused(String why) {
        over = true;
        patience.cancel();
        result.refused(why);
    }

    private void failed(Throwable why) {
        over = true;
        patience.cancel();
        result.failed(why);
    }

    /** Asks, and hears the answer or why there is none. That the process has ended is told by {@link #end} alone. */
    private void request(
            String method, JsonText params, BiConsumer<@Nullable RpcOutcome, @Nullable Throwable> answered) {
        session.requestInOrder(method, params, Unattended.DEAF).whenComplete((outcome, failure) -> {
            if (!(failure instanceof BridgeClosedException)) {
                loop.execute(() -> answered.accept(outcome, failure));
            }
        });
    }
}
