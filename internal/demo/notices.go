package demo

import (
	"context"

	"linli/internal/i18n"
	"linli/internal/webhook"
)

// tellNow sends what waits, so that the log has what was sent on the days of the past.
func (b *builder) tellNow(ctx context.Context) error {
	_, err := b.Notice.Deliver(ctx, b.tenant)
	return err
}

// receiver is a system of the city that is to be told of cases. It is paused, because nobody receives in a demonstration: what happens today waits for it.
func (b *builder) receiver(ctx context.Context) error {
	actor := b.system
	n, _, err := b.Webhook.Create(ctx, actor, webhook.Entry{Name: i18n.DemoReceiver.In(i18n.ZH), Address: "https://12345.example.cn/linli/events", OrgID: b.root,
		Types: []webhook.Type{webhook.CaseReceived, webhook.CaseFinished, webhook.CaseClosed, webhook.JobOffered}})
	if err != nil {
		return err
	}
	return b.Webhook.Pause(ctx, actor, n, 1)
}
