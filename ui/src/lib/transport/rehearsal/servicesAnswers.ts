// What the rehearsal answers about services and their queues.
import type { Job } from "$lib/bindings";

import { services } from "./services";
import type { Answers, World } from "./world";

export function servicesAnswers(
  world: World,
): Answers<
  | "services"
  | "change_service"
  | "change_service_event"
  | "separate_event_type"
  | "add_service"
  | "remove_service"
  | "pause_service"
  | "resume_service"
  | "queue"
  | "move_job_up"
  | "move_job_down"
  | "hold_job"
  | "release_job"
  | "skip_job"
  | "discard_job"
  | "run_job_again"
  | "clear_queue"
> {
  return {
    services: () => world.services,
    change_service: ({ service, ...change }) =>
      world.changeService(service, change.name ?? "", (old) => ({ ...old, ...change })),
    change_service_event: ({ service, eventType, change }) =>
      world.changeService(service, "", (old) =>
        eventType === null
          ? { ...old, others: { ...old.others, ...change } }
          : { ...old, events: { ...old.events, [eventType]: { ...(old.events[eventType] ?? old.others), ...change } } },
      ),
    separate_event_type: ({ service, eventType, apart }) =>
      world.changeService(service, "", (old) => {
        const { [eventType]: _, ...rest } = old.events;
        return { ...old, events: apart ? { ...rest, [eventType]: { ...old.others } } : rest };
      }),
    add_service: ({ kind, name }) => {
      world.remember({ what: "service_added", name });
      const model = services().find((service) => service.kind === kind) ?? services()[0];
      if (!model) throw new Error("there are services");
      const service = { ...model, id: world.freeId(name), name };
      world.services = [...world.services, service];
      return service;
    },
    remove_service: ({ service }) => {
      world.services = world.services.filter((one) => one.id !== service);
      return {};
    },
    pause_service: ({ service }) => world.changeStatus(service, { paused: true }),
    resume_service: ({ service }) => world.changeStatus(service, { paused: false }),
    queue: ({ service }) => world.queue(service),
    move_job_up: ({ job }) => world.moveJob(job, -1),
    move_job_down: ({ job }) => world.moveJob(job, 1),
    hold_job: ({ job }) => world.changeJob(job, (old) => ({ ...old, heldSinceMs: world.now })),
    release_job: ({ job }) => world.changeJob(job, (old) => ({ ...old, heldSinceMs: null })),
    skip_job: ({ job }) =>
      world.changeJob(job, (old) => ({
        ...old,
        state: "discarded",
        endedMs: world.now,
        reason: { code: "skipped_by_you" },
      })),
    discard_job: ({ job }) =>
      world.changeJob(job, (old) => ({
        ...old,
        state: "discarded",
        endedMs: world.now,
        reason: { code: "discarded_by_you" },
      })),
    run_job_again: ({ job }) =>
      world.changeJob(job, (old) => ({
        ...old,
        state: "pending",
        endedMs: null,
        startedMs: null,
        reason: null,
        queuedMs: world.now,
      })),
    clear_queue: ({ service, userId }) => {
      const goes = (job: Job): boolean => userId === null || job.cause?.viewer?.userId === userId;
      world.jobs = world.jobs.filter((job) => job.service !== service || job.state !== "pending" || !goes(job));
      return world.queue(service);
    },
  };
}
