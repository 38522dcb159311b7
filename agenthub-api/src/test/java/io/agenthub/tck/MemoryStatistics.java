package io.agenthub.tck;

import io.agenthub.api.activity.Activity;
import io.agenthub.api.activity.Activity.Kind;
import io.agenthub.api.activity.ActivityQuery;
import io.agenthub.api.activity.ActivityStats;
import io.agenthub.api.activity.ActivityStats.Latency;
import io.agenthub.api.activity.ActivityStats.Slot;
import io.agenthub.api.activity.ActivityStats.ToolUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Statistics by going through everything; what the contract test compares a store with. */
final class MemoryStatistics {
    private final ActivityQuery query;
    private final long step;

    MemoryStatistics(ActivityQuery query, Duration step) {
        if (step.compareTo(Duration.ofSeconds(1)) < 0
                || step.compareTo(Duration.ofDays(1)) > 0
                || step.toNanos() % 1_000_000_000 != 0) {
            throw new IllegalArgumentException("step is " + step + ", must be whole seconds, 1 s to 1 d");
        }
        ActivityQuery.Builder wanted = query.toBuilder().before(Long.MAX_VALUE);
        this.query = query.kinds().isEmpty() ? wanted.kinds(Kind.CALL).build() : wanted.build();
        this.step = step.toSeconds();
    }

    ActivityStats of(Collection<Activity> activities) {
        List<Activity> wanted = activities.stream().filter(query::matches).toList();
        return new ActivityStats(
                wanted.size(),
                wanted.stream().mapToLong(Activity::bytesIn).sum(),
                wanted.stream().mapToLong(Activity::bytesOut).sum(),
                latency(wanted),
                counts(wanted, activity -> Optional.of(activity.outcome())),
                counts(wanted, Activity::server),
                counts(wanted, Activity::client),
                tools(wanted),
                series(wanted));
    }

    private static Latency latency(List<Activity> activities) {
        if (activities.isEmpty()) {
            return Latency.NONE;
        }
        List<Duration> sorted =
                activities.stream().map(Activity::duration).sorted().toList();
        return new Latency(
                quantile(sorted, 50), quantile(sorted, 95), quantile(sorted, 99), sorted.get(sorted.size() - 1));
    }

    /** The nearest rank. */
    private static Duration quantile(List<Duration> sorted, int percent) {
        return sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }

    private static Map<String, Long> counts(List<Activity> activities, Function<Activity, Optional<String>> name) {
        Map<String, Long> counts = activities.stream()
                .flatMap(activity -> name.apply(activity).stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        Map<String, Long> ordered = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.<String, Long>comparingByKey()))
                .limit(ActivityStats.MAX_NAMES)
                .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
        return ordered;
    }

    private static List<ToolUse> tools(List<Activity> activities) {
        Map<List<String>, List<Activity>> byTool = new HashMap<>();
        for (Activity activity : activities) {
            if (activity.tool().isPresent() && activity.server().isPresent()) {
                byTool.computeIfAbsent(
                                List.of(activity.server().get(), activity.tool().get()), key -> new ArrayList<>())
                        .add(activity);
            }
        }
        return byTool.entrySet().stream()
                .map(entry -> use(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(ToolUse::calls)
                        .reversed()
                        .thenComparing(ToolUse::server)
                        .thenComparing(ToolUse::tool))
                .limit(ActivityStats.MAX_TOOLS)
                .toList();
    }

    private static ToolUse use(List<String> tool, List<Activity> calls) {
        long nanos = calls.stream().mapToLong(call -> call.duration().toNanos()).sum();
        return new ToolUse(
                tool.get(0),
                tool.get(1),
                calls.size(),
                calls.stream().filter(MemoryStatistics::failed).count(),
                Duration.ofNanos(nanos / calls.size()));
    }

    private List<Slot> series(List<Activity> activities) {
        Map<Long, long[]> slots = new TreeMap<>();
        for (Activity activity : activities) {
            long[] slot =
                    slots.computeIfAbsent(Math.floorDiv(activity.at().getEpochSecond(), step), key -> new long[2]);
            slot[0]++;
            slot[1] += failed(activity) ? 1 : 0;
        }
        List<Slot> series = slots.entrySet().stream()
                .map(slot ->
                        new Slot(Instant.ofEpochSecond(slot.getKey() * step), slot.getValue()[0], slot.getValue()[1]))
                .toList();
        return series.subList(Math.max(0, series.size() - ActivityStats.MAX_SLOTS), series.size());
    }

    private static boolean failed(Activity activity) {
        return !activity.outcome().equals(Activity.OK);
    }
}
