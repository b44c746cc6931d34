package io.github.mopospark.reports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A page in a headless Chromium, by the browser's own DevTools protocol. */
final class Chromium implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LISTENING = "DevTools listening on ";
    private static final long SECONDS = 60;

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private final String session;

    /**
     * The browser of this machine.
     *
     * @return the program in {@code CHROME_BIN}, or the first on the PATH; empty if there is none
     */
    static Optional<Path> find() {
        Stream<Path> found = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)));
        return Stream.concat(Optional.ofNullable(System.getenv("CHROME_BIN")).map(Path::of).stream(), found)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Opens a page and waits until it is loaded.
     *
     * @param program the browser
     * @param profile an empty folder for its files
     * @param page the page
     * @param width of the window, in CSS pixels
     */
    Chromium(Path program, Path profile, Path page, int width) throws Exception {
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        // Chromium's sandbox does not run as root, which the user of a container often is.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(address(process), new Listener())
                    .get(SECONDS, TimeUnit.SECONDS);
            String target = call("", "Target.createTarget", Map.of("url", "about:blank"))
                    .get("targetId")
                    .asText();
            session = call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                    .get("sessionId")
                    .asText();
            for (String domain : List.of("Runtime", "Log", "Page")) {
                call(session, domain + ".enable", Map.of());
            }
            call(
                    session,
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", true));
            call(session, "Page.navigate", Map.of("url", page.toUri().toString()));
            loaded.get(SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Reads what the browser prints until it says where it listens; what it prints later is read and dropped. */
    private static URI address(Process process) throws IOException {
        BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
        StringBuilder printed = new StringBuilder();
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread rest = new Thread(() -> errors.lines().forEach(ignored -> {}), "chromium-errors");
                rest.setDaemon(true);
                rest.setUncaughtExceptionHandler((thread, thrown) -> {});
                rest.start();
                return URI.create(line.substring(LISTENING.length()).strip());
            }
            printed.append(line).append('\n');
        }
        throw new IOException("the browser did not start: " + printed);
    }

    /**
     * Runs a script in the page. The page's own rules for scripts do not bind DevTools.
     *
     * @param expression in JavaScript
     * @return its value
     */
    JsonNode run(String expression) throws Exception {
        JsonNode answer = call(session, "Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(answer.get("exceptionDetails").toPrettyString());
        }
        return answer.get("result").path("value");
    }

    /** Presses a key in the page. */
    void press(String key, int code) throws Exception {
        for (String type : List.of("keyDown", "keyUp")) {
            call(
                    session,
                    "Input.dispatchKeyEvent",
                    type.equals("keyDown")
                            ? Map.of("type", type, "key", key, "windowsVirtualKeyCode", code, "text", "\r")
                            : Map.of("type", type, "key", key, "windowsVirtualKeyCode", code));
        }
    }

    /** What the page has complained of: errors of scripts, of what was not loaded, and what was forbidden. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    @Override
    public void close() {
        // All of its processes, since the last of them would still write into the profile.
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        socket.sendText("{\"id\": 0, \"method\": \"Browser.close\"}", true).join();
        for (ProcessHandle handle : all) {
            handle.onExit()
                    .completeOnTimeout(handle, 10, TimeUnit.SECONDS)
                    .thenAccept(ProcessHandle::destroyForcibly)
                    .join();
        }
    }

    private JsonNode call(String inSession, String method, Map<String, Object> parameters) throws Exception {
        int id = calls.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        Map<String, Object> message = inSession.isEmpty()
                ? Map.of("id", id, "method", method, "params", parameters)
                : Map.of("id", id, "method", method, "params", parameters, "sessionId", inSession);
        socket.sendText(JSON.writeValueAsString(message), true).get(SECONDS, TimeUnit.SECONDS);
        JsonNode result = answer.get(SECONDS, TimeUnit.SECONDS);
        if (result.has("error")) {
            throw new IOException(method + ": " + result.get("error"));
        }
        return result.get("result");
    }

    private void hear(JsonNode message) {
        if (message.has("id")) {
            Optional.ofNullable(answers.remove(message.get("id").asInt()))
                    .ifPresent(answer -> answer.complete(message));
            return;
        }
        switch (message.path("method").asText()) {
            case "Page.loadEventFired" -> loaded.complete(null);
            case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" ->
                problems.add(message.get("params").toString());
            default -> {}
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            text.append(part);
            if (isLast) {
                try {
                    hear(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    problems.add(e.toString());
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
