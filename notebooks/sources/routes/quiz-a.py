# %% [markdown]
# # Word vectors: quiz, form A
#
# Eight questions with one right answer each. If you don't know an answer, guess. This isn't graded. You don't need to run anything before the last cell.
#
# **1.** Word vectors were trained on a business newspaper, and one of the words nearest to *plant* is *factory*. What would probably be near *plant* if they had been trained on books about gardens instead?
#
# - a) Still *factory*, because that is what the word means.
# - b) No word at all, because the books are not about industry.
# - c) Words that are spelled similarly, such as *plan*.
# - d) Words such as *leaf*, because there *plant* has other words around it.
#
# **2.** Here is a sentence: *the old dog slept near the door*. The center is *slept*, and the window reaches two words to each side. Which words are its contexts?
#
# - a) *dog* and *near*
# - b) *old*, *dog*, *near*, and *the*
# - c) *old*, *dog*, *slept*, *near*, and *the*
# - d) *near* and *the*
#
# **3.** To save time, someone trains on pairs that appeared near each other, and leaves out the random words that are normally added. What will the model learn?
#
# - a) The same as before, only faster.
# - b) Which words belong together, but only for frequent words.
# - c) To say yes to every pair.
# - d) To say no to every pair.
#
# **4.** The center has the vector (1, 2), and the other word has the vector (3, −1). The score is their dot product. What does the model answer?
#
# - a) The score is 1, so it leans toward yes.
# - b) The score is −6, so it leans toward no.
# - c) The score is (3, −2), so it can't decide.
# - d) The score is 5, so it leans toward yes.
#
# **5.** A model says how likely it thinks "yes" is. Which of these answers costs the most when it is trained?
#
# - a) It says 0.5, and the correct answer is yes.
# - b) It says 0.9, and the correct answer is yes.
# - c) It says 0.1, and the correct answer is no.
# - d) It says 0.9, and the correct answer is no.
#
# **6.** In some text, *monday* and *tuesday* almost never appear near each other. But after training their vectors are similar. Why?
#
# - a) Because they appear near the same other words.
# - b) Because training multiplies the two and pulls them together.
# - c) Because they are about equally frequent.
# - d) Because both are names of days, and the program has a list of those.
#
# **7.** A model is trained for a long time. On the text that it practices on, its errors keep getting smaller. On text that it has never seen, they have begun to grow. What is happening?
#
# - a) It still learns, only more slowly.
# - b) It gets used to the text that it practices on.
# - c) The new text is too difficult and should be replaced.
# - d) Its answers have become random.
#
# **8.** In vectors trained on a newspaper, the words nearest to *violin* make no sense. *violin* occurs 11 times in the text. What is the most likely reason, and what would help?
#
# - a) The training was too short: train longer on the same text.
# - b) The vectors have too few numbers: make them longer.
# - c) There is too little evidence: train on more text that contains the word.
# - d) The word was thinned out too much: keep more of its occurrences.
#
# Now replace each dot with the letter of your answer, such as `"db.a..."`, and run the cell. A dot that stays counts as no answer.

# %%
letters = "........"
print("Give these letters to your teacher:", letters)
