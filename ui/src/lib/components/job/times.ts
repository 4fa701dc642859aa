// The one time of a job that matters where it stands.
import type { Job } from "$lib/bindings";
import { t } from "$i18n";
import { span } from "$i18n/format";

export function jobTimes(job: Job, now: number): string {
  switch (job.state) {
    case "pending":
      if (job.heldSinceMs !== null) return t("job.heldFor", { span: span(now - job.heldSinceMs) });
      if (job.dueMs !== null && job.dueMs > now) return t("job.dueIn", { span: span(job.dueMs - now) });
      return t("job.waits", { span: span(now - job.queuedMs) });
    case "processing":
      return t("job.runs", { span: span(now - (job.startedMs ?? now)) });
    case "completed":
    case "failed":
    case "discarded": {
      const began = job.startedMs ?? job.queuedMs;
      return job.startedMs === null ? "" : span((job.endedMs ?? began) - began);
    }
  }
}
