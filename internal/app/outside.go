package app

import (
	"linli/internal/i18n"
	"linli/internal/notice"
	"linli/internal/webhook"
)

// connectOutside connects what leaves the platform: notices by the channels that the operator set up, or into the fake of a demonstration, and events.
func (a *App) connectOutside(o Options) error {
	base := func() string { return a.Config.BaseURL }
	if o.Events == nil {
		o.Events = webhook.NewGuard(a.Config.WebhookHosts).Client()
	}
	a.Webhook.WithClient(o.Events, base)
	if o.Fake != nil {
		a.Notice.WithFake(o.Fake, base)
		return nil
	}
	var set notice.Settings
	if a.Config.NoticeFile != "" {
		var err error
		if set, err = notice.ReadSettings(a.Config.NoticeFile); err != nil {
			return fault(i18n.NoticeFileRead, plain(err)).because(err).advise(i18n.NoticeFileHow)
		}
	}
	senders, err := set.Senders()
	if err != nil {
		return fault(i18n.NoticeFileRead, plain(err)).because(err).advise(i18n.NoticeFileHow)
	}
	a.Notice.WithChannels(senders, set.Signature(), base)
	return nil
}
