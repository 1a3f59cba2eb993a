package dev.anystore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The figures of a run of the harness as bars: one picture for each direction and question, best first. */
final class TransferCharts {
    private static final int BAR = 22;
    private static final int LEFT = 170;
    private static final int WIDTH = 420;
    private static final String OURS = "#1f6feb";
    private static final String THEIRS = "#8b949e";
    private static final String BOUND = "#d0a215";

    private final List<Row> rows = new ArrayList<>();

    private record Row(
            Direction direction,
            Contender contender,
            @Nullable Figures rate,
            Figures cpu,
            Figures memory) {}

    /** One contender; without a rate if it was refused. */
    void add(Direction direction, Contender contender, @Nullable Figures rate, Figures cpu, Figures memory) {
        rows.add(new Row(direction, contender, rate, cpu, memory));
    }

    /** Writes the pictures into a folder, and a page that shows them. */
    void write(Path folder, String machine, String what) throws IOException {
        Files.createDirectories(folder);
        StringBuilder page = new StringBuilder("# Transfers beside other clients\n\n" + machine + "\n\n" + what + "\n\n"
                + "Bars are medians, the thin lines reach from the least to the most. Blue is this library, yellow bare sockets: what"
                + " the machine can do.\n");
        for (Direction direction : Direction.values()) {
            String name = direction.name().toLowerCase(Locale.ROOT);
            page.append("\n## ").append(name).append("\n\n");
            page.append(chart(folder, name + "-rate.svg", direction, "GB/s, more is better", Row::rate, true));
            page.append(chart(
                    folder, name + "-cpu.svg", direction, "CPU seconds per GiB, less is better", Row::cpu, false));
            page.append(chart(
                    folder, name + "-memory.svg", direction, "peak memory in MiB, less is better", Row::memory, false));
        }
        page.append('\n');
        rows.stream().map(Row::contender).distinct().forEach(contender -> page.append("- ")
                .append(contender.name())
                .append(": ")
                .append(contender.description())
                .append('\n'));
        Files.writeString(folder.resolve("README.md"), page);
    }

    private String chart(
            Path folder,
            String file,
            Direction direction,
            String title,
            Function<Row, @Nullable Figures> figure,
            boolean mostFirst)
            throws IOException {
        record Bar(Contender contender, Figures figures) {}
        List<Bar> bars = new ArrayList<>();
        for (Row row : rows) {
            Figures figures = figure.apply(row);
            if (row.direction() == direction && figures != null) {
                bars.add(new Bar(row.contender(), figures));
            }
        }
        Comparator<Bar> order = Comparator.comparingDouble(bar -> bar.figures().median());
        bars.sort(mostFirst ? order.reversed() : order);
        double most =
                bars.stream().mapToDouble(bar -> bar.figures().most()).max().orElse(1);
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n<text x=\"8\" y=\"20\" font-weight=\"bold\">%s: %s</text>%n",
                LEFT + WIDTH + 70,
                40 + bars.size() * (BAR + 8),
                direction.name().toLowerCase(Locale.ROOT),
                title));
        int y = 34;
        for (Bar bar : bars) {
            double scale = WIDTH / most;
            String colour = !bar.contender().speaksTls()
                    ? BOUND
                    : bar.contender().name().startsWith("anystore") ? OURS : THEIRS;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n"
                            + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n"
                            + "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#24292f\"/>%n"
                            + "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
                    LEFT - 8,
                    y + 16,
                    bar.contender().name(),
                    LEFT,
                    y,
                    bar.figures().median() * scale,
                    BAR,
                    colour,
                    LEFT + bar.figures().least() * scale,
                    LEFT + bar.figures().most() * scale,
                    y + BAR / 2,
                    y + BAR / 2,
                    LEFT + bar.figures().most() * scale + 6,
                    y + 16,
                    Figures.shown(bar.figures().median())));
            y += BAR + 8;
        }
        Files.writeString(folder.resolve(file), svg.append("</svg>\n"));
        return "![" + direction.name().toLowerCase(Locale.ROOT) + ", " + title + "](" + file + ")\n\n";
    }
}
