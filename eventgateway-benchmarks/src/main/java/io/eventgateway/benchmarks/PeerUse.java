package io.eventgateway.benchmarks;

import com.google.common.eventbus.AsyncEventBus;
import com.google.common.eventbus.EventBus;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.engio.mbassy.bus.MBassador;
import org.openjdk.jmh.infra.Blackhole;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.GenericApplicationContext;

/** The same mix for each peer: several classes of listeners and events, on the caller's thread and on others. */
final class PeerUse {
    private static final int ROUNDS = 1_000;

    private PeerUse() {}

    static void run(Blackhole blackhole) throws InterruptedException {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(4, 4, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
        try {
            buses(pool, blackhole);
            spring(pool, blackhole);
            executor(pool, blackhole);
            loop(blackhole);
        } finally {
            pool.shutdown();
            pool.awaitTermination(1, TimeUnit.MINUTES);
        }
        vertx(blackhole);
    }

    private static Object event(int i) {
        return switch (i % Handlers.CLASSES) {
            case 0 -> new Handlers.Order(i);
            case 1 -> new Handlers.Payment(i);
            case 2 -> new Handlers.Shipment("c" + i);
            default -> new Handlers.Refund("r" + i);
        };
    }

    private static void buses(ThreadPoolExecutor pool, Blackhole blackhole) {
        EventBus guava = new EventBus();
        AsyncEventBus guavaAsync = new AsyncEventBus(pool);
        MBassador<Object> mbassador = new MBassador<>(Handlers::failed);
        org.greenrobot.eventbus.EventBus greenrobot = org.greenrobot.eventbus.EventBus.builder()
                .sendNoSubscriberEvent(false)
                .build();
        for (int i = 0; i < Handlers.CLASSES; i++) {
            Object listener = Handlers.annotated(i, blackhole);
            guava.register(listener);
            guavaAsync.register(listener);
            mbassador.subscribe(listener);
            greenrobot.register(listener);
        }
        for (int i = 0; i < ROUNDS * Handlers.CLASSES; i++) {
            Object event = event(i);
            guava.post(event);
            mbassador.publish(event);
            greenrobot.post(event);
            if (i % 4 == 0) {
                guavaAsync.post(event);
            }
        }
        mbassador.shutdown();
    }

    /** Another class of Spring's events, which the same listeners get. */
    private static final class RushOrderEvent extends Handlers.OrderEvent {
        private static final long serialVersionUID = 1L;

        RushOrderEvent(Object source) {
            super(source);
        }
    }

    private static void spring(ThreadPoolExecutor pool, Blackhole blackhole) {
        GenericApplicationContext context = new GenericApplicationContext();
        SimpleApplicationEventMulticaster spring = new SimpleApplicationEventMulticaster(context.getBeanFactory());
        SimpleApplicationEventMulticaster springAsync = new SimpleApplicationEventMulticaster(context.getBeanFactory());
        springAsync.setTaskExecutor(pool);
        for (int i = 0; i < Handlers.CLASSES; i++) {
            ApplicationListener<Handlers.OrderEvent> listener = Handlers.springListener(i, blackhole);
            spring.addApplicationListener(listener);
            springAsync.addApplicationListener(listener);
        }
        for (int i = 0; i < ROUNDS; i++) {
            spring.multicastEvent(new Handlers.OrderEvent(i));
            spring.multicastEvent(new RushOrderEvent(i));
            if (i % 4 == 0) {
                springAsync.multicastEvent(new Handlers.OrderEvent(i));
            }
        }
    }

    private static void executor(ThreadPoolExecutor pool, Blackhole blackhole) {
        for (int i = 0; i < ROUNDS; i++) {
            Consumer<Object> consumer = Handlers.consumer(i % Handlers.CLASSES, blackhole);
            Object event = event(i);
            pool.execute(() -> consumer.accept(event));
            CompletableFuture.runAsync(() -> consumer.accept(event), pool).join();
        }
    }

    @SuppressWarnings("unchecked")
    private static void loop(Blackhole blackhole) {
        Consumer<Object>[] consumers = new Consumer[Handlers.CLASSES];
        for (int i = 0; i < consumers.length; i++) {
            consumers[i] = Handlers.consumer(i, blackhole);
        }
        Map<Class<?>, Consumer<Object>[]> byClass = new ConcurrentHashMap<>();
        for (int i = 0; i < Handlers.CLASSES; i++) {
            byClass.put(event(i).getClass(), consumers);
        }
        for (int i = 0; i < ROUNDS * Handlers.CLASSES; i++) {
            Object event = event(i);
            for (Consumer<Object> consumer : byClass.get(event.getClass())) {
                consumer.accept(event);
            }
        }
    }

    private static void vertx(Blackhole blackhole) {
        Vertx vertx = Vertx.vertx();
        for (int i = 0; i < Handlers.CLASSES; i++) {
            Consumer<Object> consumer = Handlers.consumer(i, blackhole);
            vertx.eventBus().localConsumer("address-" + i, message -> consumer.accept(message.body()));
        }
        for (int i = 0; i < ROUNDS; i++) {
            vertx.eventBus().send("address-" + i % Handlers.CLASSES, "event");
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
