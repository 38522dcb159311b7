package io.agenthub.bench.load.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Line charts side by side as SVG, both axes logarithmic.
 *
 * @param panels from left to right
 */
public record Chart(List<Panel> panels) {
    private static final int WIDTH = 520;
    private static final int HEIGHT = 380;
    private static final int LEFT = 70;
    private static final int TOP = 60;
    private static final int PLOT_WIDTH = 420;
    private static final int PLOT_HEIGHT = 250;
    private static final double LEGEND_MARK = 26;
    private static final double LEGEND_LETTER = 6.4;
    private static final List<String> COLOURS =
            List.of("#1f77b4", "#2ca02c", "#17a2a2", "#d62728", "#9467bd", "#8c564b");

    /**
     * One chart.
     *
     * @param title its heading
     * @param xLabel what runs to the right
     * @param lines what it shows
     */
    public record Panel(String title, String xLabel, List<Line> lines) {}

    /**
     * One line.
     *
     * @param label its name
     * @param points from left to right, both numbers above zero
     */
    public record Line(String label, List<Point> points) {}

    /**
     * One point.
     *
     * @param x how far right
     * @param y how far up
     */
    public record Point(double x, double y) {}

    /** A logarithmic scale from data to pixels. */
    private record Scale(double least, double most, double from, double to) {
        static Scale over(List<Line> lines, ToDoubleFunction<Point> value, double from, double to) {
            double[] all = lines.stream()
                    .flatMap(line -> line.points().stream())
                    .mapToDouble(value)
                    .filter(number -> number > 0)
                    .sorted()
                    .toArray();
            return all.length == 0
                    ? new Scale(1, 10, from, to)
                    : new Scale(decade(all[0], false), decade(all[all.length - 1], true), from, to);
        }

        private static double decade(double value, boolean up) {
            double exponent = Math.log10(value);
            return Math.pow(
                    10, up ? Math.max(Math.ceil(exponent), 1 + Math.floor(exponent - 1e-9)) : Math.floor(exponent));
        }

        double at(double value) {
            double whole = Math.max(Math.log10(most / least), 1e-9);
            return from + (to - from) * Math.log10(Math.max(value, least) / least) / whole;
        }

        List<Double> ticks() {
            List<Double> ticks = new ArrayList<>();
            for (double tick = least; tick <= most * 1.001; tick *= 10) {
                ticks.add(tick);
            }
            return ticks;
        }
    }

    /** Copies the panels. */
    public Chart {
        panels = List.copyOf(panels);
    }

    /**
     * Draws the charts.
     *
     * @return an SVG document
     */
    public String render() {
        StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                """, WIDTH * panels.size(), HEIGHT));
        for (int i = 0; i < panels.size(); i++) {
            draw(out, panels.get(i), i * WIDTH);
        }
        return out.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder out, Panel panel, int offset) {
        int left = offset + LEFT;
        int bottom = TOP + PLOT_HEIGHT;
        Scale x = Scale.over(panel.lines(), Point::x, left, left + PLOT_WIDTH);
        Scale y = Scale.over(panel.lines(), Point::y, bottom, TOP);
        text(out, left, 24, "start", "font-size=\"15\" font-weight=\"bold\"", panel.title());
        text(out, left + PLOT_WIDTH / 2.0, bottom + 36, "middle", "", panel.xLabel());
        for (double tick : y.ticks()) {
            line(out, left, y.at(tick), left + PLOT_WIDTH, y.at(tick));
            text(out, left - 6, y.at(tick) + 4, "end", "", Numbers.format(tick));
        }
        for (double tick : x.ticks()) {
            line(out, x.at(tick), TOP, x.at(tick), bottom);
            text(out, x.at(tick), bottom + 18, "middle", "", Numbers.format(tick));
        }
        double legend = left;
        for (int i = 0; i < panel.lines().size(); i++) {
            Line line = panel.lines().get(i);
            String colour = COLOURS.get(i % COLOURS.size());
            polyline(out, line, x, y, colour);
            text(out, legend, 46, "start", "fill=\"" + colour + "\"", "● " + line.label());
            legend += LEGEND_MARK + LEGEND_LETTER * line.label().length();
        }
    }

    private static void polyline(StringBuilder out, Line line, Scale x, Scale y, String colour) {
        StringBuilder points = new StringBuilder();
        for (Point point : line.points()) {
            double right = x.at(point.x());
            double up = y.at(point.y());
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", right, up));
            out.append(String.format(
                    Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", right, up, colour));
        }
        out.append("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n"
                .formatted(points.toString().strip(), colour));
    }

    private static void line(StringBuilder out, double x1, double y1, double x2, double y2) {
        out.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n",
                x1,
                y1,
                x2,
                y2));
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String more, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        out.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>\n",
                x,
                y,
                anchor,
                more,
                escaped));
    }
}
