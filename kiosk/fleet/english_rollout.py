"""The English of settings that go to many displays, and of displays that took theirs back."""

ROLLOUT: dict[str, str | tuple[str, str]] = {
    "新しい設定では管理の端末とつながらず、前の設定に戻りました。": "No console was heard under its new settings; it is back to the former ones.",
    "前の設定に戻りました": "Back to its former settings",
    "変えた設定のまま管理の端末と話せなかったので、ディスプレイが自分で前の設定に戻しました。ネットワークの値を確かめてください。この印は、設定をもう一度変えるか、アプリを再起動すると消えます。": "The display heard no console after its settings were changed, so it took the former ones back by itself. Check the network values. This goes away when settings are changed again or the app is restarted.",
    "連絡がないとき前の設定へ（秒）": "No console heard: former settings after (s)",
}
