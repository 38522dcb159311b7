package io.agenthub.core.internal.pinning;

import io.agenthub.api.rpc.JsonText;
import io.agenthub.api.rpc.MalformedMessageException;
import io.agenthub.api.server.ToolFinding;
import io.agenthub.api.server.ToolFinding.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tools of one server: pinned as they are first seen, compared ever after. Thread-safe. */
public final class ToolPins {
    /*
     * A tool is pinned when it is first seen, until all pages of a list have passed once. From then on a tool that is not pinned
     * is new, and a pinned one that a whole list leaves out is gone. Which pages belong together is known by their cursors.
     * Where connections are made for single clients, each may list other tools: there nothing is taken for new or gone.
     *
     * Most lists are what they were the last time. So each page is kept as its hash and what was read from it, and read again
     * only if the hash differs.
     */
    private static final int MOST_TOOLS = 10_000;
    private static final int MOST_PAGES = 64;

    private final boolean sameForAll;
    private final Supplier<Instant> clock;
    private final Consumer<ToolFinding> listener;
    private final Map<String, String> pinned = new HashMap<>();
    private final Map<String, String> latest = new HashMap<>();
    private final Map<String, ToolFinding> findings = new TreeMap<>();
    private final Set<String> told = new HashSet<>();
    private final Map<String, Page> pages = new Recent<>();
    private final Map<String, Set<String>> begun = new Recent<>();
    private final Set<String> unapproved = new HashSet<>();
    private boolean complete;
    private volatile Runnable changed = () -> {};

    /** One page of a list. */
    private record Page(String hash, Map<String, Definition> tools) {}

    /** The pages used last. */
    private static final class Recent<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST_PAGES;
        }
    }

    /**
     * Knows no tools yet.
     *
     * @param sameForAll whether every client is shown the same tools
     * @param clock what time it is
     * @param listener hears of each finding once; called without a lock
     */
    public ToolPins(boolean sameForAll, Supplier<Instant> clock, Consumer<ToolFinding> listener) {
        this.sameForAll = sameForAll;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * A page of the server's list of tools passes.
     *
     * @param params the parameters of the request
     * @param result what the server answered; one that cannot be read is left to whoever asked for it
     */
    public void listed(@Nullable JsonText params, JsonText result) {
        List<ToolFinding> found = new ArrayList<>();
        boolean more;
        try {
            String cursor = text(params, "cursor").orElse("");
            Page page = page(cursor, result.member("tools").orElse(JsonText.NULL));
            Optional<String> next = text(result, "nextCursor");
            synchronized (this) {
                int before = pinned.size();
                boolean completeBefore = complete;
                pages.put(cursor, page);
                page.tools().forEach((tool, definition) -> seen(tool, definition, found));
                passed(cursor, page, next, found);
                more = pinned.size() > before || complete != completeBefore;
            }
        } catch (MalformedMessageException e) {
            return;
        }
        if (more) {
            changed.run();
        }
        found.forEach(listener);
    }

    private static Optional<String> text(@Nullable JsonText object, String name) {
        return object == null ? Optional.empty() : object.member(name).flatMap(JsonText::string);
    }

    private Page page(String cursor, JsonText tools) {
        byte[] bytes = new byte[tools.length()];
        tools.copyTo(bytes, 0);
        String hash = Definition.hash(bytes);
        Page known;
        synchronized (this) {
            known = pages.get(cursor);
        }
        return known != null && known.hash().equals(hash) ? known : new Page(hash, read(tools));
    }

    private static Map<String, Definition> read(JsonText tools) {
        Map<String, Definition> read = new LinkedHashMap<>();
        for (JsonText tool : tools.elements()) {
            Optional<String> name = text(tool, "name");
            if (name.isPresent() && read.size() < MOST_TOOLS) {
                read.put(name.get(), Definition.of(tool));
            }
        }
        return read;
    }

    private void seen(String tool, Definition definition, List<ToolFinding> found) {
        if (!latest.containsKey(tool) && latest.size() >= MOST_TOOLS) {
            return;
        }
        latest.put(tool, definition.hash());
        String pin = pinned.get(tool);
        if (pin == null && !complete) {
            pinned.put(tool, definition.hash());
            if (definition.hidden()) {
                find(tool, Kind.HIDDEN_TEXT, definition.hash(), found);
            }
        } else if (pin == null) {
            find(tool, Kind.NEW, definition.hash(), found);
        } else if (!pin.equals(definition.hash())) {
            find(tool, Kind.CHANGED, definition.hash(), found);
        } else if (unapproved.remove(tool) && definition.hidden()) {
            find(tool, Kind.HIDDEN_TEXT, definition.hash(), found);
        } else {
            findings.computeIfPresent(tool, (name, finding) -> finding.kind() == Kind.HIDDEN_TEXT ? finding : null);
        }
    }

    private void find(String tool, Kind kind, String hash, List<ToolFinding> found) {
        ToolFinding before = findings.get(tool);
        ToolFinding finding =
                before != null && before.kind() == kind ? before : new ToolFinding(tool, kind, clock.get());
        findings.put(tool, finding);
        if (told.size() < MOST_TOOLS && told.add(kind + " " + hash + " " + tool)) {
            found.add(finding);
        }
    }

    private void passed(String cursor, Page page, Optional<String> next, List<ToolFinding> found) {
        Set<String> before = cursor.isEmpty() ? Set.of() : begun.get(cursor);
        if (before == null || !sameForAll) {
            return;
        }
        Set<String> names = new HashSet<>(before);
        names.addAll(page.tools().keySet());
        if (next.isPresent()) {
            begun.put(next.get(), names);
        } else {
            complete = true;
            for (String tool : pinned.keySet()) {
                if (!names.contains(tool)) {
                    find(tool, Kind.GONE, "", found);
                }
            }
        }
    }

    /**
     * Why a tool may not be called, if changed tools may not.
     *
     * @param tool its name
     * @return the finding that blocks it, if there is one
     */
    public synchronized Optional<ToolFinding> blocked(String tool) {
        return Optional.ofNullable(findings.get(tool))
                .filter(finding -> finding.kind().blocks());
    }

    /**
     * What stands.
     *
     * @return the findings by name of their tools
     */
    public synchronized List<ToolFinding> findings() {
        return List.copyOf(findings.values());
    }

    /** Takes all as it was last seen for right. */
    public void acknowledge() {
        approve();
        changed.run();
    }

    private synchronized void approve() {
        findings.forEach((tool, finding) -> {
            String hash = latest.get(tool);
            if (finding.kind() == Kind.GONE || hash == null) {
                pinned.remove(tool);
                latest.remove(tool);
            } else {
                pinned.put(tool, hash);
            }
        });
        findings.clear();
        told.clear();
        unapproved.clear();
    }

    /** Forgets all; what is seen next is pinned. */
    public void forget() {
        clear();
        changed.run();
    }

    private synchronized void clear() {
        pinned.clear();
        latest.clear();
        findings.clear();
        told.clear();
        pages.clear();
        begun.clear();
        unapproved.clear();
        complete = false;
    }

    /** Says whom to tell that there is something else to {@link #save}; called without a lock. */
    void whenChanged(Runnable listens) {
        changed = listens;
    }

    synchronized SavedPins save(String of) {
        Set<String> hidden = new HashSet<>(unapproved);
        findings.forEach((tool, finding) -> {
            if (finding.kind() == Kind.HIDDEN_TEXT) {
                hidden.add(tool);
            }
        });
        return new SavedPins(of, pinned, hidden, complete);
    }

    synchronized void restore(SavedPins saved) {
        pinned.putAll(saved.tools());
        unapproved.addAll(saved.hidden());
        complete = saved.complete() && sameForAll;
    }
}
