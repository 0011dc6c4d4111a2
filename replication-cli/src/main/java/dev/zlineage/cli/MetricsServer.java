// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.zlineage.core.json.JsonWriter;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.scheduler.ReplicationService;
import dev.zlineage.scheduler.TaskStatus;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a daemon tells about itself over HTTP: {@code /metrics} as Prometheus reads it, and {@code /health}, which is 200 as long
 * as the service answers and 503 otherwise. Nothing is changed by any request.
 */
final class MetricsServer implements AutoCloseable {

    private static final int ANSWERS_WITHIN_SECONDS = 5;
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private static final int THREADS = 4;
    private static final String LONGEST_SECONDS = "10";

    static {
        // read once, when the first server of the process is made; somebody who sends or reads nothing keeps a thread
        // for so long
        for (String property : List.of("sun.net.httpserver.maxReqTime", "sun.net.httpserver.maxRspTime")) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, LONGEST_SECONDS);
            }
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, MetricsServer::thread);

    /** Of its own, since who answers waits for it. */
    private final ExecutorService asks = Executors.newSingleThreadExecutor(MetricsServer::thread);

    private final PrometheusMeterRegistry registry;
    private final ReplicationService service;

    private MetricsServer(HttpServer server, PrometheusMeterRegistry registry, ReplicationService service) {
        this.server = server;
        this.registry = registry;
        this.service = service;
        server.createContext("/metrics", exchange -> answer(exchange, 200, PROMETHEUS, this.registry.scrape()));
        server.createContext("/health", this::health);
        server.createContext("/", exchange -> answer(exchange, 404, "text/plain", "there are /metrics and /health\n"));
        server.setExecutor(threads);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "zlineage-metrics");
        thread.setDaemon(true);
        return thread;
    }

    static MetricsServer open(InetSocketAddress address, PrometheusMeterRegistry registry, ReplicationService service) {
        try {
            MetricsServer opened = new MetricsServer(HttpServer.create(address, 0), registry, service);
            opened.server.start();
            return opened;
        } catch (IOException e) {
            throw new InvalidRequestException(List.of(new InvalidRequestException.Problem(
                    "--metrics", "nothing can listen at " + address + ": " + e.getMessage())));
        }
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private void health(HttpExchange exchange) throws IOException {
        Future<List<TaskStatus>> status = asks.submit(service::status);
        try {
            answer(exchange, 200, "application/json", up(status.get(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS)));
        } catch (TimeoutException | ExecutionException e) {
            status.cancel(true);
            String why = e instanceof TimeoutException
                    ? "the service does not answer"
                    : String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
            JsonWriter json = new JsonWriter(false).object().name("status").value("down");
            answer(
                    exchange,
                    503,
                    "application/json",
                    json.name("why").value(why).endObject() + "\n");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String up(List<TaskStatus> all) {
        Map<String, Long> states = new TreeMap<>();
        all.forEach(status -> states.merge(ServiceText.word(status.state()), 1L, Long::sum));
        JsonWriter json = new JsonWriter(false).object().name("status").value("up");
        json.name("tasks").object();
        states.forEach((state, count) -> json.name(state).value(count));
        return json.endObject().endObject() + "\n";
    }

    private static void answer(HttpExchange exchange, int code, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        asks.shutdownNow();
    }
}
