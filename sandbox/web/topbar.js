// The top of the page: the company's clock, what may happen, and the sandbox's own switches.

import * as api from "./api.js";
import { askForm, attempt, hang, toast } from "./dialogs.js";
import { el } from "./dom.js";
import { faultsPanel } from "./faults.js";
import { longMoment } from "./format.js";

const MOVES = {
  "+1h": { advance: 3600 },
  "+1d": { advance: 86_400 },
  "+3d": { advance: 3 * 86_400 },
  "next-10:45": { next: "10:45" },
};

export class TopBar {
  /** `page`: refresh(), settle(), restart(), choose(id, byHand), and `news`, a Map of who heard how much. */
  constructor(page) {
    this.page = page;
    this.time = document.querySelector("[data-testid=now]");
    this.goto = document.querySelector("#goto");
    this.next = document.querySelector('[data-clock="next-10:45"]');
    this.travel = document.querySelector(".topbar");
    this.actions = document.querySelector(".actions");
    this.faultsButton = document.querySelector("[data-testid=faults]");
    this.state = { phones: [], faults: [], actions: [] };
    this.wire();
  }

  wire() {
    for (const button of document.querySelectorAll(".segments [data-clock]")) {
      button.addEventListener("click", () => this.move(MOVES[button.dataset.clock], button));
    }
    const form = this.goto.form;
    this.goto.addEventListener("input", () => (this.chosen = true)); // from here on the clock leaves the field alone
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.move({ to: this.goto.value.slice(0, 16) }, form.querySelector("button"));
    });
    const on = (id, act) => document.querySelector(`[data-testid=${id}]`).addEventListener("click", act);
    on("add-phone", () => this.askPhone());
    on("reset", () => this.askReset());
    on("tools", () => this.showTools(!document.body.classList.contains("tools-open")));
    hang(this.faultsButton, (close) => faultsPanel(this.state, close, () => this.page.refresh()));
  }

  /** On a narrow page the buttons are folded away; once one of them has done its work, they make room again. */
  showTools(open) {
    document.body.classList.toggle("tools-open", open);
    document.querySelector("[data-testid=tools]").setAttribute("aria-expanded", String(open));
  }

  update(state) {
    this.state = state;
    this.time.textContent = longMoment(state.local);
    this.time.dataset.iso = state.now;
    this.time.dateTime = state.now;
    this.goto.min = state.local.slice(0, 16);
    this.next.textContent = `${state.local.slice(11, 16) < "10:45" ? "сегодня" : "завтра"} 10:45`;
    if (!this.chosen) this.goto.value = state.local.slice(0, 16);
    const broken = state.faults.length;
    this.faultsButton.textContent = broken ? `Сбои: ${broken}` : "Сбои";
    this.faultsButton.classList.toggle("on", broken > 0);
    this.drawActions(state.actions);
  }

  drawActions(actions) {
    const print = JSON.stringify(actions);
    if (print === this.print) return;
    this.print = print;
    const buttonOf = (action) => {
      const onclick = (event) => this.act(action, event.currentTarget);
      return el("button.chip.strong", { "data-action": action.name, onclick }, action.title);
    };
    this.actions.replaceChildren(...actions.map(buttonOf));
  }

  /** Moves the clock, and says who heard of something meanwhile. */
  async move(body, button) {
    if (this.travel.classList.contains("moving")) return;
    this.page.news.clear();
    this.busy(true);
    await attempt(async () => {
      await api.post("/clock", body);
      this.chosen = false;
      await this.page.settle();
      toast(this.report());
    }, button);
    this.busy(false);
  }

  busy(moving) {
    this.travel.classList.toggle("moving", moving);
    this.time.setAttribute("aria-busy", String(moving));
    for (const button of document.querySelectorAll("[data-clock]")) button.disabled = moving;
  }

  report() {
    const news = [...this.page.news].map(([name, count]) => `${name} (${count})`);
    return news.length ? `Пришли сообщения: ${news.join(", ")}` : "За это время никому ничего не пришло";
  }

  act(action, button) {
    const run = async (values) => {
      const { ok, text } = await api.post(`/actions/${action.name}`, values);
      if (ok === false) throw new api.SandboxError(text || "Не получилось");
      toast(text || "Готово");
      this.showTools(false);
      await this.page.refresh();
    };
    if (!action.fields?.length) return attempt(() => run({}), button);
    return askForm({ title: action.title, fields: action.fields, submit: "Отправить", apply: run });
  }

  askPhone() {
    askForm({
      title: "Добавить телефон",
      text: "Ещё один человек, который пишет боту.",
      submit: "Добавить",
      fields: [
        { name: "first_name", title: "Имя", placeholder: "Ольга", required: true },
        { name: "last_name", title: "Фамилия", placeholder: "Резцова" },
        { name: "title", title: "Кто это", placeholder: "Менеджер" },
        { name: "number", title: "Телефон", type: "tel", placeholder: "+7 900 000-00-06" },
        { name: "language", title: "Язык", value: "ru", options: [["ru", "Русский"], ["en", "English"]] },
        { name: "sms", title: "Клиент: видит только SMS", type: "checkbox" },
      ],
      apply: async (values) => {
        const { id } = await api.post("/phones", Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "")));
        await this.page.refresh();
        this.page.choose(id, true);
      },
    });
  }

  askReset() {
    askForm({
      title: "Начать заново?",
      text: "Переписки, SMS и сбои исчезнут. Телефоны останутся, часы назад не пойдут.",
      submit: "Начать заново",
      danger: true,
      apply: async () => {
        await api.post("/reset");
        await this.page.restart();
      },
    });
  }
}
