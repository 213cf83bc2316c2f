package io.eventgateway.benchmarks;

import io.eventgateway.FunctionHandler;
import java.util.function.Consumer;
import net.engio.mbassy.bus.error.PublicationError;
import org.openjdk.jmh.infra.Blackhole;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;

/** Handlers that do the same and are of different classes, for the gateway and for each peer. */
final class Handlers {
    /** How many classes there are of each kind. */
    static final int CLASSES = 4;

    /** What is handed over. */
    record Order(int total) {}

    /** Another thing that is handed over, as are the next. */
    record Payment(long cents) {}

    record Shipment(String carrier) {}

    record Refund(String reason) {}

    /** Spring's events are objects of their own. */
    static class OrderEvent extends ApplicationEvent {
        private static final long serialVersionUID = 1L;

        OrderEvent(Object source) {
            super(source);
        }
    }

    private Handlers() {}

    /** Ends a benchmark of which a listener failed. */
    static void failed(PublicationError error) {
        throw new IllegalStateException(error.getMessage(), error.getCause());
    }

    /** Returns a function of the class with that number. */
    @SuppressWarnings("DuplicateBranchesInSwitch") // each lambda is a class of its own, which is the point
    static FunctionHandler function(int number, Blackhole blackhole) {
        return switch (number) {
            case 0 ->
                (event, context) -> {
                    blackhole.consume(event.getData());
                    return null;
                };
            case 1 ->
                (event, context) -> {
                    blackhole.consume(event.getData());
                    return null;
                };
            case 2 ->
                (event, context) -> {
                    blackhole.consume(event.getData());
                    return null;
                };
            default ->
                (event, context) -> {
                    blackhole.consume(event.getData());
                    return null;
                };
        };
    }

    /** Returns a consumer of the class with that number. */
    @SuppressWarnings("DuplicateBranchesInSwitch")
    static Consumer<Object> consumer(int number, Blackhole blackhole) {
        return switch (number) {
            case 0 -> event -> blackhole.consume(event);
            case 1 -> event -> blackhole.consume(event);
            case 2 -> event -> blackhole.consume(event);
            default -> event -> blackhole.consume(event);
        };
    }

    /** Returns a listener of the class with that number. */
    @SuppressWarnings("DuplicateBranchesInSwitch")
    static ApplicationListener<OrderEvent> springListener(int number, Blackhole blackhole) {
        return switch (number) {
            case 0 -> event -> blackhole.consume(event);
            case 1 -> event -> blackhole.consume(event);
            case 2 -> event -> blackhole.consume(event);
            default -> event -> blackhole.consume(event);
        };
    }

    /** Returns a listener of the class with that number, which Guava, MBassador and greenrobot find by their annotations. */
    static Object annotated(int number, Blackhole blackhole) {
        return switch (number) {
            case 0 -> new Orders(blackhole);
            case 1 -> new Payments(blackhole);
            case 2 -> new Shipments(blackhole);
            default -> new Refunds(blackhole);
        };
    }

    /** A listener to orders. */
    public static final class Orders {
        private final Blackhole blackhole;

        Orders(Blackhole blackhole) {
            this.blackhole = blackhole;
        }

        @com.google.common.eventbus.Subscribe
        @net.engio.mbassy.listener.Handler
        @org.greenrobot.eventbus.Subscribe
        public void on(Order event) {
            blackhole.consume(event);
        }
    }

    /** A listener to orders and payments. */
    public static final class Payments {
        private final Blackhole blackhole;

        Payments(Blackhole blackhole) {
            this.blackhole = blackhole;
        }

        @com.google.common.eventbus.Subscribe
        @net.engio.mbassy.listener.Handler
        @org.greenrobot.eventbus.Subscribe
        public void onOrder(Order event) {
            blackhole.consume(event);
        }

        @com.google.common.eventbus.Subscribe
        @net.engio.mbassy.listener.Handler
        @org.greenrobot.eventbus.Subscribe
        public void onPayment(Payment event) {
            blackhole.consume(event);
        }
    }

    /** A listener to orders and shipments. */
    public static final class Shipments {
        private final Blackhole blackhole;

        Shipments(Blackhole blackhole) {
            this.blackhole = blackhole;
        }

        @com.google.common.eventbus.Subscribe
        @net.engio.mbassy.listener.Handler
        @org.greenrobot.eventbus.Subscribe
        public void orderArrived(Order event) {
            blackhole.consume(event);
        }

        @com.google.common.eventbus.Subscribe
        @net.engio.mbassy.listener.Handler
        @org.greenrobot.eventbus.Subscribe
        public void shipmentLeft(Shipment event) {
            blackhole.consume(event);
        }
    }

    /** A listener to orders and refunds. */
    public static final class Refunds {
        private final Blackhole blackhole;

        Refunds(Blackhole blackhole) {
            this.blackhole = blackhole;
        }

        @com.google.common.eventbus.Subscribe
        @net.engio.mbassy.listener.Handler
        @org.greenrobot.eventbus.Subscribe
        public void remember(Order event) {
            blackhole.consume(event);
        }

        @com.google.common.eventbus.Subscribe
        @net.engio.mbassy.listener.Handler
        @org.greenrobot.eventbus.Subscribe
        public void payBack(Refund event) {
            blackhole.consume(event);
        }
    }
}
